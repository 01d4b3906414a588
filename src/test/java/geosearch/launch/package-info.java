/**
 * The scripts with which everything starts: {@code mvnw}, {@code geosearch} and what they share.
 */
package geosearch.launch;
