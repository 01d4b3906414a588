package geosearch.traffic;

import java.time.Duration;

/**
 * What the settings allow.
 *
 * @param requestTimeout how long a message may take to arrive
 * @param readTimeout how long answers may wait for a client that reads none of them
 * @param maxCalls how many calls a connection may have at once
 * @param maxConnections how many connections there may be at once
 */
public record TrafficLimits(
    Duration requestTimeout, Duration readTimeout, int maxCalls, int maxConnections) {}
