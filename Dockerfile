FROM node:24-bookworm-slim AS page
WORKDIR /farewire
COPY package.json package-lock.json ./
COPY web/package.json web/
RUN npm ci --include=dev --ignore-scripts
COPY src src
COPY web web
RUN npm run build --workspace web

FROM node:24-bookworm-slim
WORKDIR /farewire
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/
# Without install scripts: the database's binaries stay without the links they would need, and are not used here.
RUN npm ci --omit=dev --ignore-scripts --workspaces=false && npm cache clean --force
COPY tsconfig.json ./
COPY src src
COPY migrations migrations
COPY commands commands
COPY --from=page /farewire/web/dist web/dist
RUN mkdir /documents && chown node:node /documents
USER node
EXPOSE 4000
# api, worker, or both without an argument.
ENTRYPOINT ["node", "--import", "tsx", "src/main.ts"]
