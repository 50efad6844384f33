# One recipe, one image per service: docker build --build-arg SERVICE=tasks .
FROM python:3.13-slim AS build
ARG SERVICE
WORKDIR /src
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY shared shared
COPY services/${SERVICE} services/${SERVICE}
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation ./shared ./services/${SERVICE}

FROM python:3.13-slim
ARG SERVICE
RUN useradd --system --uid 10001 --no-create-home nhip \
 && install -d -o nhip /var/lib/nhip/files
COPY --from=build /venv /venv
USER nhip
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 SERVICE=${SERVICE} HOST=0.0.0.0 FILES_URL=file:///var/lib/nhip/files
# exec, so that SIGTERM reaches Python and it drains
ENTRYPOINT ["/bin/sh", "-c", "exec python -m $SERVICE \"$@\"", "--"]
CMD ["all"]
