// Traffic to look at: a web server, a cache, a name server and a logger of a few lines each, with
// their clients, over loopback. Nothing leaves the machine; it ends by itself.

#include <sys/socket.h>
#include <sys/wait.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <vector>

#include "conversation.h"

namespace {

const demo::Conversation conversations[] = {
    {"demo_web", "demo_browser", AF_INET, SOCK_STREAM, 420, 3800, 40},
    {"demo_web6", "demo_crawler", AF_INET6, SOCK_STREAM, 180, 12000, 15},
    {"demo_cache", "demo_app", AF_UNIX, SOCK_STREAM, 64, 512, 200},
    {"demo_dns", "demo_resolver", AF_INET, SOCK_DGRAM, 40, 120, 25},
    {"demo_log", "demo_worker", AF_UNIX, SOCK_DGRAM, 90, 2, 60},
};

}  // namespace

int main(int argc, char** argv) try {
  double seconds = 5;
  CLI::App app{"Small clients and servers that talk over loopback"};
  app.add_option("--seconds", seconds, "how long")->check(CLI::Range(0.1, 3600.0));
  CLI11_PARSE(app, argc, argv);

  std::vector<pid_t> started;
  for (const demo::Conversation& conversation : conversations) {
    const auto [server, client] = demo::start(conversation, seconds);
    if (client < 0) {
      std::fprintf(stderr, "demo_traffic: no %s here\n", conversation.server.c_str());
      continue;
    }
    started.insert(started.end(), {server, client});
  }
  for (const pid_t pid : started) waitpid(pid, nullptr, 0);
  return started.empty() ? 1 : 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "demo_traffic: %s\n", error.what());
  return 1;
}
