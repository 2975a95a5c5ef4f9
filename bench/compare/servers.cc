// redis-server with redis-benchmark, nginx with wrk.
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "base/unique_fd.h"
#include "compare/process.h"
#include "compare/scratch.h"
#include "compare/workload.h"

namespace socktap::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int server_cpu = 0;
constexpr int client_cpu = 1;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A port that nobody has just now.
std::uint16_t free_port() {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(socket.get(), generic, length) != 0) return 0;
  if (getsockname(socket.get(), generic, &length) != 0) return 0;
  return ntohs(address.sin_port);
}

bool answers(std::uint16_t port) {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  return connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// Its client's command line for a batch, and how many requests that made, from what it printed.
using Client =
    std::function<Result<std::vector<std::string>>(std::uint16_t port, unsigned slowness)>;
using Requests = std::function<std::optional<std::uint64_t>(const std::string&, unsigned slowness)>;

class Server : public Workload {
 public:
  Server(Client client, Requests requests)
      : client_(std::move(client)), requests_(std::move(requests)) {}

  const Scratch& scratch() const { return scratch_; }
  std::uint16_t port() const { return port_; }
  pid_t pid() const override { return process_->pid(); }

  Result<void> start(const std::vector<std::string>& words) {
    const UniqueFd out = scratch_.create("server");
    auto process = Process::start(words, {-1, out.get(), out.get()}, server_cpu);
    if (!process) return tl::unexpected(process.error());
    process_ = std::move(*process);
    const auto until = Clock::now() + 5s;
    while (!answers(port_)) {
      if (process_->has_ended() || Clock::now() > until)
        return failure("the server does not answer: " + scratch_.text("server"));
      std::this_thread::sleep_for(10ms);
    }
    return {};
  }

  Result<Batch> run(unsigned slowness) override {
    const auto words = client_(port_, slowness);
    if (!words) return tl::unexpected(words.error());
    const UniqueFd out = scratch_.create("client");
    const std::uint64_t before = process_->cpu_ns();
    const auto start = Clock::now();
    auto client = Process::start(*words, {-1, out.get(), out.get()}, client_cpu);
    if (!client) return tl::unexpected(client.error());
    if (!client->wait(60s)) return failure("the server's client does not end");
    Batch batch;
    batch.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    batch.cpu_ns = process_->cpu_ns() - before;
    const auto requests = requests_(scratch_.text("client"), slowness);
    if (!requests) return failure("the server's client made nothing: " + scratch_.text("client"));
    batch.events = *requests;
    return batch;
  }

 private:
  Scratch scratch_;
  std::uint16_t port_ = free_port();
  std::optional<Process> process_;
  Client client_;
  Requests requests_;
};

std::string nginx_configuration(const Server& server) {
  return fmt::format(
      "daemon off; master_process off; pid {0}/pid; error_log {0}/errors crit;\n"
      "events {{ worker_connections 256; }}\n"
      "http {{ access_log off; client_body_temp_path {0}; proxy_temp_path {0};\n"
      "  fastcgi_temp_path {0}; uwsgi_temp_path {0}; scgi_temp_path {0};\n"
      "  server {{ listen 127.0.0.1:{1}; location / {{ return 200 \"hello\\n\"; }} }} }}\n",
      server.scratch().folder(), server.port());
}

Result<std::unique_ptr<Workload>> started(const Tools& tools, std::unique_ptr<Server> server,
                                          Tool tool, const std::vector<std::string>& arguments) {
  const auto words = tools.command(tool, arguments);
  if (!words) return tl::unexpected(words.error());
  if (auto begun = server->start(*words); !begun) return tl::unexpected(begun.error());
  return server;
}

}  // namespace

StartWorkload redis(const Tools& tools, std::uint64_t requests) {
  const Client client = [&tools, requests](std::uint16_t port, unsigned slowness) {
    return tools.command(Tool::redis_client,
                         {"-h", "127.0.0.1", "-p", std::to_string(port), "-t", "get", "-c", "8",
                          "-n", std::to_string(requests / slowness), "-q"});
  };
  const Requests made = [requests](const std::string& output, unsigned slowness) {
    const bool done = output.find("requests per second") != std::string::npos;
    return done ? std::optional(requests / slowness) : std::nullopt;
  };
  return [&tools, client, made]() -> Result<std::unique_ptr<Workload>> {
    auto server = std::make_unique<Server>(client, made);
    const std::vector<std::string> arguments{
        "--bind",       "127.0.0.1", "--port", std::to_string(server->port()), "--save", "",
        "--appendonly", "no",        "--dir",  server->scratch().folder()};
    return started(tools, std::move(server), Tool::redis, arguments);
  };
}

StartWorkload nginx(const Tools& tools, double seconds) {
  const Client client = [&tools, seconds](std::uint16_t port, unsigned) {
    return tools.command(Tool::wrk, {"-t", "1", "-c", "8", "-d", fmt::format("{}s", seconds),
                                     fmt::format("http://127.0.0.1:{}/", port)});
  };
  const Requests made = [](const std::string& output, unsigned) { return read_wrk(output); };
  return [&tools, client, made]() -> Result<std::unique_ptr<Workload>> {
    auto server = std::make_unique<Server>(client, made);
    server->scratch().write("nginx.conf", nginx_configuration(*server));
    const std::vector<std::string> arguments{"-p", server->scratch().folder(),
                                             "-c", server->scratch().path("nginx.conf"),
                                             "-e", "stderr"};
    return started(tools, std::move(server), Tool::nginx, arguments);
  };
}

}  // namespace socktap::bench
