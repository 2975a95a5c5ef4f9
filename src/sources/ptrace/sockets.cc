#include "sources/ptrace/sockets.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "sources/ptrace/asked_socket.h"
#include "sources/ptrace/listed_socket.h"

namespace socktap::sources::ptrace {

std::optional<SocketPtr> Sockets::ask(const ProcessHandle& process, int descriptor) {
  if (const UniqueFd own = process.fetch(descriptor); own.valid()) {
    auto socket = asked_socket(own);
    return socket ? remember(*socket) : nullptr;
  }
  if (process.refusal() == 0) return std::nullopt;
  const std::optional<ino_t> inode = process.socket_of(descriptor);
  if (!inode) return std::nullopt;
  if (*inode == 0) return nullptr;
  return remember(listed_socket(process, descriptor, *inode));
}

// One that is known already stays as it was asked first.
SocketPtr Sockets::remember(const Socket& socket) {
  std::weak_ptr<Socket>& known = known_[socket.inode];
  if (SocketPtr former = known.lock()) return former;
  auto made = std::make_shared<Socket>(socket);
  known = made;
  sweep();
  return made;
}

// Forgets those that are gone, now and then.
void Sockets::sweep() {
  if (known_.size() < next_sweep_) return;
  std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
  next_sweep_ = std::max<std::size_t>(next_sweep_, 2 * known_.size());
}

std::optional<SocketCondition> Sockets::condition(const ProcessHandle& process, int descriptor,
                                                  Socket& socket, bool with_addresses) {
  if (const UniqueFd own = process.fetch(descriptor); own.valid())
    return asked_condition(own, process, socket, with_addresses);
  if (process.refusal() == 0 || !process.is_open(descriptor)) return std::nullopt;
  return listed_condition(process, socket, with_addresses);
}

std::vector<std::string> limits_of_sockets() {
  const int refusal = refusal_of_fetching();
  if (refusal == 0) return {};
  const std::string reason = std::string("as pidfd_getfd is refused: ") + std::strerror(refusal);
  return {"of a socket's flags nothing is known here, " + reason,
          "of a TCP socket that neither listens nor is connected only what earlier events told is "
          "known here, " +
              reason};
}

DescriptorTable::~DescriptorTable() {
  for (const auto& [descriptor, socket] : known_)
    if (socket) --socket->descriptors;
}

SocketPtr DescriptorTable::at(const ProcessHandle& process, int descriptor) {
  if (const auto known = known_.find(descriptor); known != known_.end()) return known->second;
  const std::optional<SocketPtr> socket = sockets_.ask(process, descriptor);
  if (!socket) return nullptr;
  set(descriptor, *socket);
  return *socket;
}

void DescriptorTable::explore(const ProcessHandle& process) {
  namespace fs = std::filesystem;
  std::error_code refusal;
  const fs::path folder = "/proc/" + std::to_string(process.thread()) + "/fd";
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
