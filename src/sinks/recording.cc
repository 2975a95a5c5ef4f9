#include "sinks/recording.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "recording/recording_files.h"

namespace socktap::sinks {

std::string Recording::name_of(std::uint64_t number) const {
  return rotation_.is_wanted() ? path_ + "." + std::to_string(number) : path_;
}

std::vector<std::string> Recording::file_names() const {
  std::vector<std::string> names;
  for (std::uint64_t number = first_file(); number <= number_; ++number)
    names.push_back(name_of(number));
  return names;
}

std::uint64_t Recording::first_file() const {
  const std::uint64_t all = number_ + 1;
  return all - std::min(all, rotation_.count.value_or(all));
}

Recording::Recording(std::string path, Rotation rotation, recording::Facts facts)
    : path_(std::move(path)), rotation_(rotation), facts_(std::move(facts)) {}

Result<void> Recording::write(const Record& record) {
  switch (record.kind) {
    case RecordKind::handed:
      return record.count == channel ? add(*record.event) : Result<void>();
    case RecordKind::loss:
      losses_[record.loss] = record.count;
      return {};
    case RecordKind::moment:
      take_moment(record.moment, record.count);
      return record.moment == Moment::started ? begin() : Result<void>();
    default:
      return {};
  }
}

Result<void> Recording::begin() {
  if (rotation_.is_wanted()) facts_.file = number_;
  auto writer = recording::Writer::create(name_of(number_), facts_);
  if (!writer) return tl::unexpected(writer.error());
  writer_.reset();
  writer_.emplace(std::move(*writer));
  if (rotation_.is_wanted() && number_ == 0) recording::remove_later_files(path_);
  return writer_->set(moments_);
}

void Recording::take_moment(Moment moment, std::uint64_t time) {
  switch (moment) {
    case Moment::began:
      moments_.began = moments_.started = time;
      break;
    case Moment::started:
      moments_.started = time;
      break;
    case Moment::reached:
      moments_.reached = std::max(time, moments_.started);
      break;
    case Moment::ended:
      moments_.ended = time;
      break;
  }
}

Result<void> Recording::name_cgroup(const ShownEvent& event) {
  if (!event.fields.contains(tapset::Field::cgroup)) return {};
  const std::uint64_t id = tail_of(*event.event).cgroup;
  if (id == 0 || !named_.insert(id).second) return {};
  return writer_->add_cgroup(id, cgroups_.name_of(id));
}

bool Recording::is_full(const ShownEvent& event) const {
  if (writer_->events() == 0) return false;
  if (rotation_.bytes && writer_->bytes() >= *rotation_.bytes) return true;
  return rotation_.age && event.reached >= moments_.started + *rotation_.age;
}

Result<void> Recording::add(const ShownEvent& event) {
  if (is_full(event))
    if (auto begun = begin_next(std::max(event.reached, moments_.started)); !begun) return begun;
  ++events_;
  if (auto named = name_cgroup(event); !named) return named;
  return writer_->add(event);
}

// Each file can be replayed by itself: it ends, and the next one begins, at a moment until which
// everything has run.
Result<void> Recording::begin_next(std::uint64_t boundary) {
  moments_.reached = moments_.ended = boundary;
  if (auto set = writer_->set(moments_); !set) return set;
  if (auto finished = writer_->finish(); !finished) return finished;
  ++number_;
  moments_ = {.began = boundary, .started = boundary};
  named_.clear();
  if (auto begun = begin(); !begun) return begun;
  if (rotation_.count && number_ >= *rotation_.count)
    ::unlink(name_of(number_ - *rotation_.count).c_str());
  return {};
}

Result<void> Recording::flush() { return writer_ ? writer_->commit() : Result<void>(); }

Result<void> Recording::finish() {
  if (!writer_) return {};
  if (auto set = writer_->set(moments_); !set) return set;
  if (auto set = writer_->set(losses_); !set) return set;
  return writer_->finish();
}

}  // namespace socktap::sinks
