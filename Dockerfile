# One recipe, one image per service:
#   docker build --build-arg PACKAGE=tasks --build-arg FOLDER=services/tasks .
FROM python:3.13.7-slim-bookworm AS build
ARG FOLDER
WORKDIR /src
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY shared shared
COPY ${FOLDER} ${FOLDER}
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation ./shared ./${FOLDER}

FROM python:3.13.7-slim-bookworm
ARG PACKAGE
# For older kinds of appendices (tasks) and PDF (reporting); the other services need none of it.
ARG OFFICE=""
RUN if [ -n "$OFFICE" ]; then \
      apt-get update && apt-get install -y --no-install-recommends $OFFICE && rm -rf /var/lib/apt/lists/*; fi
RUN useradd --system --uid 10001 --no-create-home nhip && install -d -o nhip /var/lib/nhip
COPY --from=build /venv /venv
USER nhip
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PACKAGE=${PACKAGE} HOST=0.0.0.0
# exec, so that SIGTERM reaches Python and it drains
ENTRYPOINT ["/bin/sh", "-c", "exec python -m $PACKAGE \"$@\"", "--"]
CMD ["all"]
