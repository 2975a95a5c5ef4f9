#include "sources/ptrace/sockets.h"

#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>

namespace socktap::sources::ptrace {
namespace {

// Of sockets of UNIX; older headers lack the names SO_PASSPIDFD and SO_PASSRIGHTS.
constexpr int pass_pidfd_option = 76;   // since Linux 6.5
constexpr int pass_rights_option = 83;  // since Linux 6.16

enum State { unconnected = 1, connecting = 2, connected = 3 };
enum Flag : std::uint32_t {
  passcred = 1 << 3,
  passsec = 1 << 4,
  passpidfd = 1 << 7,
  passrights = 1 << 8
};

template <typename T>
std::optional<T> option(const UniqueFd& descriptor, int level, int name) {
  T value{};
  socklen_t size = sizeof value;
  if (::getsockopt(descriptor.get(), level, name, &value, &size) != 0) return std::nullopt;
  return value;
}

bool is_set(const UniqueFd& descriptor, int name) {
  return option<int>(descriptor, SOL_SOCKET, name).value_or(0) != 0;
}

bool has_peer(const UniqueFd& descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return ::getpeername(descriptor.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
}

// As tcp(7) has them: the states of a connection, of struct sock.
int tcp_state(const UniqueFd& descriptor, Socket& socket) {
  constexpr int syn_sent = 2, syn_received = 3, closed = 7, listening = 10;
  const auto info = option<tcp_info>(descriptor, IPPROTO_TCP, TCP_INFO);
  if (!info) return unconnected;
  switch (info->tcpi_state) {
    case syn_sent:
    case syn_received:
      return connecting;
    case closed:
      // How long its peer took to answer is remembered.
      return socket.was_connected || info->tcpi_rtt > 0 ? connected : unconnected;
    case listening:
      return unconnected;
    default:
      socket.was_connected = true;
      return connected;
  }
}

// struct socket's state, which nothing tells: from what it follows.
int state_of(const UniqueFd& descriptor, Socket& socket) {
  const bool is_ip = socket.family == AF_INET || socket.family == AF_INET6;
  if (is_ip && socket.type == SOCK_STREAM) return tcp_state(descriptor, socket);
  if (is_ip || socket.family == AF_NETLINK || socket.family == AF_PACKET) return unconnected;
  if (has_peer(descriptor)) socket.was_connected = true;
  return socket.was_connected ? connected : unconnected;
}

}  // namespace

ProcessHandle::ProcessHandle(pid_t process)
    : process_(process),
      thread_(process),
      handle_(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))) {}

ProcessHandle ProcessHandle::of_thread(pid_t process, pid_t thread) {
  constexpr unsigned of_a_thread = O_EXCL;  // PIDFD_THREAD, since Linux 6.9
  return {process, thread,
          UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, thread, of_a_thread)))};
}

UniqueFd ProcessHandle::fetch(int descriptor) const {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_getfd, handle_.get(), descriptor, 0)));
}

SocketPtr Sockets::ask(const UniqueFd& descriptor) {
  const auto family = option<int>(descriptor, SOL_SOCKET, SO_DOMAIN);
  if (!family) return nullptr;
  const std::uint64_t number = option<std::uint64_t>(descriptor, SOL_SOCKET, SO_COOKIE).value_or(0);
  std::weak_ptr<Socket>& known = known_[number];
  if (SocketPtr socket = known.lock()) return socket;
  auto socket = std::make_shared<Socket>();
  socket->number = number;
  socket->family = *family;
  socket->type = option<int>(descriptor, SOL_SOCKET, SO_TYPE).value_or(-1);
  socket->protocol = option<int>(descriptor, SOL_SOCKET, SO_PROTOCOL).value_or(-1);
  known = socket;
  sweep();
  return socket;
}

// Forgets those that are gone, now and then.
void Sockets::sweep() {
  if (known_.size() < next_sweep_) return;
  std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
  next_sweep_ = std::max<std::size_t>(next_sweep_, 2 * known_.size());
}

SocketCondition Sockets::condition(const UniqueFd& descriptor, Socket& socket) {
  SocketCondition condition{.state = state_of(descriptor, socket)};
  if (socket.family != AF_UNIX && socket.family != AF_NETLINK && socket.family != AF_BLUETOOTH)
    return condition;
  if (is_set(descriptor, SO_PASSCRED)) condition.flags |= passcred;
  if (is_set(descriptor, SO_PASSSEC)) condition.flags |= passsec;
  if (is_set(descriptor, pass_pidfd_option)) condition.flags |= passpidfd;
  if (is_set(descriptor, pass_rights_option)) condition.flags |= passrights;
  return condition;
}

DescriptorTable::~DescriptorTable() {
  for (const auto& [descriptor, socket] : known_)
    if (socket) --socket->descriptors;
}

SocketPtr DescriptorTable::at(const ProcessHandle& process, int descriptor) {
  if (const auto known = known_.find(descriptor); known != known_.end()) return known->second;
  const UniqueFd own = process.fetch(descriptor);
  if (!own.valid()) return nullptr;
  SocketPtr socket = sockets_.ask(own);
  set(descriptor, socket);
  return socket;
}

void DescriptorTable::explore(const ProcessHandle& process) {
  namespace fs = std::filesystem;
  std::error_code refusal;
  const fs::path folder = "/proc/" + std::to_string(process.process()) + "/fd";
  for (fs::directory_iterator entry(folder, refusal), end; !refusal && entry != end;
       entry.increment(refusal)) {
    const std::string name = entry->path().filename();
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    std::error_code gone;
    if (fs::read_symlink(entry->path(), gone).native().starts_with("socket:"))
      at(process, descriptor);
  }
}

void DescriptorTable::forget(int descriptor) {
  const auto known = known_.find(descriptor);
  if (known == known_.end()) return;
  if (known->second) --known->second->descriptors;
  known_.erase(known);
}

void DescriptorTable::forget(int descriptor, const SocketPtr& socket) {
  const auto known = known_.find(descriptor);
  if (known != known_.end() && known->second == socket) forget(descriptor);
}

void DescriptorTable::forget_range(std::uint32_t first, std::uint32_t last) {
  std::vector<int> gone;
  for (const auto& [descriptor, socket] : known_)
    if (const auto number = static_cast<std::uint32_t>(descriptor);
        number >= first && number <= last)
      gone.push_back(descriptor);
  for (const int descriptor : gone) forget(descriptor);
}

void DescriptorTable::forget_files() {
  std::erase_if(known_, [](const auto& entry) { return entry.second == nullptr; });
}

void DescriptorTable::set(int descriptor, SocketPtr socket) {
  forget(descriptor);
  if (socket) ++socket->descriptors;
  known_[descriptor] = std::move(socket);
}

void DescriptorTable::duplicate(int from, int to) {
  const auto known = known_.find(from);
  if (known == known_.end())
    forget(to);
  else
    set(to, SocketPtr(known->second));
}

std::unique_ptr<DescriptorTable> DescriptorTable::copy() const {
  auto table = std::make_unique<DescriptorTable>(sockets_);
  for (const auto& [descriptor, socket] : known_) table->set(descriptor, socket);
  return table;
}

std::vector<int> DescriptorTable::sockets() const {
  std::vector<int> descriptors;
  for (const auto& [descriptor, socket] : known_)
    if (socket) descriptors.push_back(descriptor);
  std::ranges::sort(descriptors);
  return descriptors;
}

}  // namespace socktap::sources::ptrace
