from dataclasses import replace

from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from model.drift import Baseline, bins
from service.admission import Admission
from service.cpu import CpuLimits
from service.metrics import Metrics
from service.settings import Settings
from tests.service.conftest import running
from tests.service.fakes import FakePredictor, info

UNITLESS = ("_info", "_total", "_ratio", "_ready", "_confidence", "_texts", "_tokens", "_bytes", "_threads", "_cores")


async def test_names_follow_the_conventions_and_bounded_series_exist_at_start() -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        text = (await client.get("/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    own = {name: family for name, family in families.items() if name.startswith("sentiment_")}
    for name, family in own.items():
        assert family.documentation
        assert family.type == "counter" or name.endswith(("_seconds", "_in_progress", *UNITLESS)), name
    assert {"process_resident_memory_bytes", "python_gc_objects_collected", "python_info"} <= families.keys()
    assert len(own["sentiment_texts"].samples) == 7
    assert len(own["sentiment_predictions"].samples) == 9
    assert "_created" not in text


def test_queue_is_shown_as_it_is() -> None:
    metrics = Metrics(CollectorRegistry())
    admission = Admission({"texts": 3, "tokens": 10, "bytes": 20})
    metrics.watch_queue(admission)
    with admission.ticket() as ticket:
        ticket.take("texts", 2)
        assert metrics.registry.get_sample_value("sentiment_queue_texts") == 2
    assert metrics.registry.get_sample_value("sentiment_queue_texts") == 0
    assert metrics.registry.get_sample_value("sentiment_queue_limit_texts") == 3


def baseline(**shares: dict[str, float]) -> Baseline:
    return Baseline(texts=10, shares=shares)


def shown_baseline(metrics: Metrics) -> dict[tuple[str, str], float]:
    (family,) = (family for family in metrics.registry.collect() if family.name == "sentiment_baseline_ratio")
    return {(sample.labels["signal"], sample.labels["bin"]): sample.value for sample in family.samples}


def test_baseline_is_that_of_the_model_served() -> None:
    metrics = Metrics(CollectorRegistry())
    label = {"negative": 0.25, "neutral": 0.25, "positive": 0.5}
    metrics.describe_model(replace(info(), baseline=baseline(label=label)), 0.0)
    assert shown_baseline(metrics) == {("label", name): share for name, share in label.items()}
    metrics.describe_model(replace(info(), baseline=baseline(subword={"fragment": 0.25, "whole": 0.75})), 0.0)
    assert shown_baseline(metrics) == {("subword", "fragment"): 0.25, ("subword", "whole"): 0.75}
    metrics.describe_model(info(), 0.0)
    assert shown_baseline(metrics) == {}


def test_shares_of_other_bins_are_not_compared() -> None:
    metrics = Metrics(CollectorRegistry())
    other = baseline(label={"bad": 0.5, "good": 0.5}, confidence={"0.5": 0.5, "1.0": 0.5}, colour={"red": 1.0})
    metrics.describe_model(replace(info(), baseline=other), 0.0)
    assert shown_baseline(metrics) == {}


def test_every_bin_is_there_before_the_first_text() -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.describe_model(info(), 0.0)
    (family,) = (family for family in metrics.registry.collect() if family.name == "sentiment_observations")
    found = {(sample.labels["signal"], sample.labels["bin"]): sample.value for sample in family.samples}
    assert found == {(signal, name): 0 for signal, names in bins(info().labels).items() for name in names}


def test_first_failure_is_an_increase() -> None:
    """A series that begins at 1 has risen by nothing, and ten failures at once were no burn of the budget."""
    metrics = Metrics(CollectorRegistry())
    for status in ("429", "500", "503", "504"):
        labels = {"route": "/v1/sentiment", "method": "POST", "code": status}
        assert metrics.registry.get_sample_value("sentiment_http_requests_total", labels) == 0


def test_cpu_is_shown() -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.describe_cpu(CpuLimits(quota_cores=1.5, affinity_cores=8), 1)
    assert metrics.registry.get_sample_value("sentiment_cpu_quota_cores") == 1.5
    metrics.describe_cpu(CpuLimits(quota_cores=8.0, affinity_cores=4), 1)  # was 8: 90 % of it cannot be used
    assert metrics.registry.get_sample_value("sentiment_cpu_quota_cores") == 4
    assert metrics.registry.get_sample_value("sentiment_threads", {"kind": "tokenizer"}) == 1
    metrics.describe_model(replace(info(), threads=3), 0.0)
    assert metrics.registry.get_sample_value("sentiment_threads", {"kind": "model"}) == 3


def test_memory_limit_is_shown() -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.describe_memory(512 * 2**20)
    assert metrics.registry.get_sample_value("sentiment_memory_limit_bytes") == 512 * 2**20
