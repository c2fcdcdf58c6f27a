# The console as one static binary on nothing else.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /keydeck ./cmd/keydeck
# scratch has no shell to make a folder with.
RUN mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /keydeck /keydeck
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
# The container's network decides who reaches the two addresses: publish 8080,
# and leave 8081, which serves probes and metrics, to the orchestrator.
ENV KEYDECK_ADDR=0.0.0.0:8080 \
    KEYDECK_ADMIN_ADDR=0.0.0.0:8081 \
    KEYDECK_SESSION_STORE=bolt:/data/sessions.db
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["/keydeck", "healthcheck"]
ENTRYPOINT ["/keydeck"]
