/** What a call of the server costs, beside a server that does nothing. */
package geosearch.server;
