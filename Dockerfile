FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
# Fonts and static files belong to the image; only what people make belongs to the volume.
ENV PYTHONUNBUFFERED=1 \
    MINGZHANG_MODE=production \
    MINGZHANG_VAR=/srv/var \
    MINGZHANG_FONTS=/srv/fonts \
    MINGZHANG_STATIC=/srv/static
RUN python scripts/decode_fonts.py /srv/fonts \
    && MINGZHANG_SECRET_KEY=only-for-collecting-static-files-while-the-image-is-built \
       python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --home-dir /srv/var mingzhang \
    && chown -R mingzhang /srv/var
USER mingzhang
VOLUME /srv/var
EXPOSE 8000
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py", "-b", "0.0.0.0:8000", "config.wsgi"]
