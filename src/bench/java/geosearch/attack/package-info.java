/**
 * Hostile and overloading clients of the server in a container, and what other callers see
 * meanwhile.
 */
package geosearch.attack;
