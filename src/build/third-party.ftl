# What ships with geosearch

geosearch is under the Apache License 2.0 (LICENSE). These libraries of others, unchanged, lie beside its jar in the
folder `lib`, each under its own licence, which its jar or its project's site contains. Where a library offers a choice of
licences, all are named.

This list is made by the build (`src/build/third-party.ftl`), which fails when it is out of date or when a library has a
licence that may not ship with code under the Apache License.

| library | licence | project |
|---|---|---|
<#list dependencyMap as e>
| ${e.getKey().groupId}:${e.getKey().artifactId} | ${e.getValue()?join(" or ")} | ${(e.getKey().url)!""} |
</#list>

`grpc-netty-shaded` contains Netty (Apache-2.0) under another package name, `micrometer-registry-statsd` contains Reactor
Netty and Netty (Apache-2.0), `micrometer-core` uses HdrHistogram. The sample layer is described beside it, in
`src/main/resources/geosearch/sample/README.md`.
