FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home adroom
WORKDIR /srv/adroom
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY --chown=adroom . .
RUN mkdir /srv/data && chown adroom /srv/data
USER adroom
CMD ["python", "app.py"]
