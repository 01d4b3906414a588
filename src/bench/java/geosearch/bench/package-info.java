/** What benchmarks share: reports as a table, as JSON and as a chart. */
package geosearch.bench;
