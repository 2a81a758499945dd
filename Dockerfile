# One image for web, worker, beat and set-up; docker-compose.yml says which. Built from the hashed requirements.txt.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    VAR_DIR=/data

RUN groupadd --gid 10001 vardskapet \
    && useradd --uid 10001 --gid vardskapet --home-dir /app --no-create-home --shell /usr/sbin/nologin vardskapet \
    && install -d -o vardskapet -g vardskapet /data /app

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
RUN python -m compileall -q config shop orders cms library notifications

USER vardskapet
VOLUME /data
EXPOSE 8000

# /health/ready, asked with the name of SITE_URL: it must be one of ALLOWED_HOSTS.
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=6 \
    CMD ["python", "-m", "config.launch.probe"]

CMD ["gunicorn", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000", "config.wsgi:application"]
