"""Small tensors only: threads of torch would spend the time waiting for each other."""

import torch

torch.set_num_threads(1)
