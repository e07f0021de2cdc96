# The app: slim, non-root, its own requirements only. The database and further workers are other services.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SEMBLANCE_ENV=production SEMBLANCE_DATA_DIR=/data

WORKDIR /app
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir uv==0.13.9 && uv pip install --system --no-cache -r requirements.txt
COPY app.py ./
COPY .streamlit .streamlit
COPY api api
COPY ui ui
COPY pages pages
COPY semblance_core semblance_core

RUN useradd --create-home --uid 10001 semblance && mkdir /data && chown semblance /data
USER semblance
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/api/health/ready', timeout=4)"
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0"]
