#include "sources/ptrace/emitter.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/proc.h"
#include "sources/ptrace/listed_socket.h"

namespace socktap::sources::ptrace {
namespace {

using tapset::Field;

bool asks_for_status(tapset::FieldSet fields) {
  return fields.contains(Field::parent) || fields.contains(Field::uid) ||
         fields.contains(Field::euid) || fields.contains(Field::gid) ||
         fields.contains(Field::egid);
}

// The name that a thread has now; it may get another at any time, from others, too. The file stays
// open: to read it again takes one call instead of four.
void fill_name(Event& event, const Thread& thread) {
  char name[SOCKTAP_COMM_LENGTH];
  ssize_t length = ::pread(thread.name_file.get(), name, sizeof name, 0);
  if (length <= 0) {  // not open yet, or another thread's, whose number this one has now
    const std::string path = "/proc/" + std::to_string(thread.number) + "/comm";
    thread.name_file.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    length = ::pread(thread.name_file.get(), name, sizeof name, 0);
  }
  if (length > 1) std::copy_n(name, length - 1, event.comm);  // without its newline
}

}  // namespace

Emitter::Emitter(const Interest& interest, EventWriter& writer)
    : interest_(interest),
      writer_(writer),
      asked_(asked_by(interest.fields)),
      has_tail_(record_size(interest.fields) > sizeof(Event)) {
  if (interest.fields.contains(Field::cgroup)) cgroups_ = cgroup_mount();
}

void Emitter::fill_task(Event& event, const Thread& thread) const {
  const tapset::FieldSet fields = interest_.fields;
  event.tgid = static_cast<__u32>(thread.process->number());
  event.tid = static_cast<__u32>(thread.number);
  if (fields.contains(Field::comm)) fill_name(event, thread);
  if (fields.contains(Field::cpu))
    event.cpu = static_cast<__u16>(std::max(proc_cpu(thread.number), 0));
  if (!asks_for_status(fields)) return;
  const std::optional<TaskStatus> status = proc_status(thread.number);
  if (!status) return;
  event.ppid = static_cast<__u32>(status->parent);
  event.uid = static_cast<__u32>(status->uid);
  event.euid = static_cast<__u32>(status->euid);
  event.gid = static_cast<__u32>(status->gid);
  event.egid = static_cast<__u32>(status->egid);
}

void Emitter::fill_tail(EventTail& tail, const Thread& thread) const {
  tail.fd = -1;
  if (cgroups_) tail.cgroup = cgroup_of_task(*cgroups_, thread.number);
}

void Emitter::fill_namespace(WholeEvent& whole, const Thread& thread) const {
  if (asked_.netns) whole.tail.netns = netns_of_task(thread.number);
}

void Emitter::fill_condition(WholeEvent& whole, const SocketCondition& condition) const {
  whole.record.state = static_cast<__s8>(condition.state);
  whole.record.flags = condition.flags;
  if (asked_.addresses) fill_addresses(whole.tail, condition.addresses);
  if (asked_.netns) whole.tail.netns = condition.netns;
  if (asked_.path) condition.path.copy(whole.tail.local.path, sizeof whole.tail.local.path);
}

void Emitter::fill_socket(WholeEvent& whole, const Thread& thread, Socket& socket,
                          int descriptor) const {
  fill_identity(whole.record, socket);
  fill_descriptor(whole, descriptor);
  if (!asked_.anything()) return;
  const auto condition = Sockets::condition(thread.process->handle, descriptor, socket, asked_);
  if (condition) fill_condition(whole, *condition);
}

void fill_identity(Event& event, const Socket& socket) {
  event.sock = socket.number;
  event.family = static_cast<__s16>(socket.family);
  event.type = static_cast<__s16>(socket.type);
  event.protocol = socket.protocol;
}

}  // namespace socktap::sources::ptrace
