# docker build -t sentiment-service:cpu .
# docker build -t sentiment-service:gpu --target gpu .

FROM python:3.11-slim AS base
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin sentiment
# MALLOC_ARENA_MAX: glibc keeps a heap for each thread by default; two serve as well and hold 60 MB less under load.
# OMP_WAIT_POLICY: threads that spin at OpenMP's barriers made a start of 4 s last 60 s beside a busy neighbour.
ENV PATH=/opt/venv/bin:$PATH \
    MALLOC_ARENA_MAX=2 \
    OMP_WAIT_POLICY=PASSIVE \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SENTIMENT_HOST=0.0.0.0 \
    SENTIMENT_PORT=8000
WORKDIR /opt/app
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# http.client, unlike urllib.request, ignores the proxies that the environment may name.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "\
import http.client, os, sys; \
connection = http.client.HTTPConnection('127.0.0.1', int(os.environ['SENTIMENT_PORT']), timeout=4); \
connection.request('GET', '/health/ready'); \
sys.exit(connection.getresponse().status != 200)"]
CMD ["python", "-m", "service"]
LABEL org.opencontainers.image.title="sentiment-service" \
      org.opencontainers.image.description="POST text, get a calibrated sentiment" \
      org.opencontainers.image.licenses="Apache-2.0"

# Torch alone, which has no hash in the lock, for its builds differ by index. TORCH_SHA256, if given, is its wheel's.
FROM python:3.11-slim AS torch
ARG TORCH_SHA256=
COPY pyproject.toml .
RUN python -c "import tomllib; \
print(*(line for line in tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'] \
if line.startswith('torch==')))" > /torch.txt \
 && sed -i "s/\$/${TORCH_SHA256:+ --hash=sha256:$TORCH_SHA256}/" /torch.txt

# All others by hash. --without-pip: the image's own pip installs into the venv, which then carries none.
FROM python:3.11-slim AS venv
COPY deploy/requirements.lock /requirements.lock
RUN python -m venv --without-pip /opt/venv \
 && pip --no-cache-dir --python /opt/venv/bin/python install --require-hashes --no-deps -r /requirements.lock
COPY --from=torch /torch.txt /torch.txt

# PyPI's torch for Linux is the CUDA build, and brings CUDA's libraries: with them TORCH_SHA256 cannot be used.
FROM venv AS venv-gpu
RUN pip --no-cache-dir --python /opt/venv/bin/python install -r /torch.txt

# TORCH_INDEX may be empty where pip is configured to find a CPU torch by itself.
# Removed: what torch brings for C++ extensions and for its own tests, 190 MB.
FROM venv AS venv-cpu
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN pip --no-cache-dir --python /opt/venv/bin/python install --no-deps -r /torch.txt \
        ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} \
 && cd /opt/venv/lib/python3*/site-packages/torch \
 && rm -r include test \
 && find bin -type f ! -name torch_shm_manager -delete

# Apart from the venv, so that a new release or model is a layer of megabytes.
FROM python:3.11-slim AS app
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY model model
COPY service service
COPY training training
RUN pip --no-cache-dir install --no-deps --target /opt/app . && rm -r /opt/app/bin

FROM base AS gpu
COPY --from=venv-gpu /opt/venv /opt/venv
COPY --from=app /opt/app /opt/app

FROM base AS cpu
COPY --from=venv-cpu /opt/venv /opt/venv
COPY --from=app /opt/app /opt/app
