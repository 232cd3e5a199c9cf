#include <malloc.h>
#include "CLoop.h"
#include <netinet/in.h>
#include <sys/resource.h>

int cloop_connect_loopback(int fd, uint16_t port, int ipv6) {
  if (ipv6) {
    struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    return connect(fd, (struct sockaddr *)&a, sizeof a);
  }
  struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
  return connect(fd, (struct sockaddr *)&a, sizeof a);
}

int cloop_deaf_listener(uint16_t *port) {
  int fd = cloop_stream_socket_blocking(AF_INET);
  struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
  socklen_t length = sizeof a;
  if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) || listen(fd, 0) || getsockname(fd, (struct sockaddr *)&a, &length)) return -1;
  *port = ntohs(a.sin_port);
  return fd;
}

int cloop_exchange(const char *a, const char *b) {
  const int here = -100 /* AT_FDCWD */, exchange = 2 /* RENAME_EXCHANGE */;
  return (int)syscall(SYS_renameat2, here, a, here, b, exchange);
}

void cloop_limit_arenas(void) { mallopt(M_ARENA_MAX, 2); }

uint64_t cloop_limit_descriptors(uint64_t count) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  uint64_t before = limit.rlim_cur;
  limit.rlim_cur = count;
  setrlimit(RLIMIT_NOFILE, &limit);
  return before;
}
