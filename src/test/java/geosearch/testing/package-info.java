/** What integration tests share: the real servers they talk to. */
package geosearch.testing;
