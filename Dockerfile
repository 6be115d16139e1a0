# The bridge and the mock platform in one image; what runs is the command's first word.
# It never ran in our own tests, which have no container engine: docs/verify-on-a-sandbox.md.
FROM python:3.11-slim AS build
WORKDIR /app
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY bridge bridge
COPY mock_platform mock_platform
COPY loadtests loadtests
COPY cartridge_spec cartridge_spec
RUN python -m venv /app/.venv \
    && python -m pip install --no-cache-dir "uv==0.13.9" \
    && uv sync --frozen --no-dev --no-editable --no-cache --group load

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /data bridge
COPY --from=build /app/.venv /app/.venv
ENV PATH="/app/.venv/bin:$PATH" PYTHONUNBUFFERED=1 BRIDGE_DATA_DIR=/data
USER bridge
WORKDIR /data
VOLUME /data
EXPOSE 8080 8090
STOPSIGNAL SIGTERM
CMD ["bridge", "up"]
