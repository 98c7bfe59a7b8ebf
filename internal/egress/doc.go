// Package egress is the one way out to hosts that somebody else names: media
// addresses, webhook addresses of platforms. It has no way into private
// networks. A name is resolved once, every answer is checked, and just the
// checked addresses are dialled, so that a second answer of the DNS, a
// redirect, or an odd spelling of an address changes nothing. What an operator
// allows (OMNI_ALLOW_HOSTS) is excepted.
//
// Proxies from the environment are not used: they would see the name, and
// nobody would check the address.
//
// Addresses that the operator configured (OMNI_D360_BASE_URL,
// OMNI_S3_ENDPOINT) are reached by Trusted clients, each tied to its own host.
package egress
