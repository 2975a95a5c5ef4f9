#include "sources/ptrace/sockets.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "sources/ptrace/asked_socket.h"
#include "sources/ptrace/listed_socket.h"

namespace socktap::sources::ptrace {

SocketPtr Sockets::ask(const ProcessHandle& process, int descriptor, ino_t inode) {
  if (const auto known = known_.find(inode); known != known_.end()) return known->second;
  const UniqueFd own = process.fetch(descriptor);
  auto socket = own.valid() ? asked_socket(own) : std::nullopt;
  return remember(socket ? *socket : listed_socket(process, descriptor, inode));
}

SocketPtr Sockets::remember(const Socket& made) {
  auto socket = std::make_shared<Socket>(made);
  known_[socket->inode] = socket;
  sweep();
  return socket;
}

// Forgets those that nobody has any more, now and then.
void Sockets::sweep() {
  if (known_.size() < next_sweep_) return;
  std::erase_if(known_, [](const auto& entry) {
    return entry.second.use_count() == 1 && entry.second->in_flight == 0;
  });
  next_sweep_ = std::max<std::size_t>(next_sweep_, 2 * known_.size());
}

std::optional<SocketCondition> Sockets::condition(const ProcessHandle& process, int descriptor,
                                                  Socket& socket, Asked asked) {
  if (asked.only_state() && stays_connected(socket)) return condition_known(socket);
  const UniqueFd own = process.fetch(descriptor);
  if (!own.valid() && process.file_at(descriptor).is_closed()) return std::nullopt;
  const SocketCondition found = own.valid() ? asked_condition(own, process, socket, asked)
                                            : listed_condition(process, socket, asked);
  if (found.state != -1) socket.last_state = found.state;
  return found;
}

std::vector<std::string> limits_of_sockets(Asked asked) {
  std::vector<std::string> limits;
  const int refusal = refusal_of_fetching();
  const std::string reason = std::string("as pidfd_getfd is refused: ") + std::strerror(refusal);
  if (asked.flags)
    limits.push_back(refusal != 0 ? "of a socket's flags nothing is known here, " + reason
                                  : "of a socket's flags ptrace tells PASSCRED, PASSSEC, PASSPIDFD "
                                    "and PASSRIGHTS");
  if (refusal != 0 && (asked.state || asked.addresses))
    limits.push_back(
        "of a TCP socket that neither listens nor is connected only what earlier events told is "
        "known here, " +
        reason);
  if (refusal != 0 && asked.path)
    limits.push_back(
        "of a socket of AF_UNIX only the path that it is bound to itself is known "
        "here, " +
        reason);
  if (asked.netns && (refusal != 0 || namespaces_are_refused()))
    limits.emplace_back("the network namespace that is told of a socket is its task's");
  return limits;
}

DescriptorTable::~DescriptorTable() {
  for (const auto& [descriptor, entry] : known_) --entry.socket->descriptors;
}

// What is known is asked for again each time: descriptors are closed and made anew in ways that
// nobody sees, and in an order that is not that in which it is told.
DescriptorTable::Entry DescriptorTable::at(const ProcessHandle& process, int descriptor) {
  const ProcessHandle::File file = process.file_at(descriptor);
  const auto known = known_.find(descriptor);
  if (file.refusal != 0) {
    if (known == known_.end()) sockets_.count_refused();
    return known == known_.end() ? Entry() : known->second;
  }
  if (known != known_.end() && known->second.socket->inode == file.inode) return known->second;
  forget(descriptor);
  if (file.inode == 0) return {};
  return set(descriptor, sockets_.ask(process, descriptor, file.inode));
}

DescriptorTable::Entry DescriptorTable::made_at(const ProcessHandle& process, int descriptor) {
  forget(descriptor);
  return at(process, descriptor);
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
    at(process, descriptor);
  }
}

void DescriptorTable::forget(int descriptor) {
  const auto known = known_.find(descriptor);
  if (known == known_.end()) return;
  --known->second.socket->descriptors;
  known_.erase(known);
}

void DescriptorTable::forget(int descriptor, std::uint64_t since) {
  const auto known = known_.find(descriptor);
  if (known != known_.end() && known->second.since == since) forget(descriptor);
}

DescriptorTable::Entry DescriptorTable::set(int descriptor, SocketPtr socket) {
  forget(descriptor);
  ++socket->descriptors;
  return known_[descriptor] = {std::move(socket), ++made_};
}

void DescriptorTable::duplicate(int from, int to) {
  const auto known = known_.find(from);
  if (known == known_.end())
    forget(to);
  else
    set(to, SocketPtr(known->second.socket));
}

std::unique_ptr<DescriptorTable> DescriptorTable::copy() const {
  auto table = std::make_unique<DescriptorTable>(sockets_);
  table->known_ = known_;
  table->made_ = made_;
  for (const auto& [descriptor, entry] : known_) ++entry.socket->descriptors;
  return table;
}

}  // namespace socktap::sources::ptrace
