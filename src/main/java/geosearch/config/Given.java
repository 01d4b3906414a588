package geosearch.config;

import org.yaml.snakeyaml.nodes.Node;

/**
 * A value as it was given.
 *
 * @param node the value
 * @param origin where it was given
 */
record Given(Node node, Origin origin) {}
