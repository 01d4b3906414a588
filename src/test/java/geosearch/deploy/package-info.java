/** Tests of what is deployed: the image, the charts, the manifests. */
package geosearch.deploy;
