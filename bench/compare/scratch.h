// A folder for what programs print while they are measured; gone when the object is.
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace socktap::bench {

class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& folder() const { return folder_; }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  UniqueFd create(const std::string& name) const;  // empty
  std::string text(const std::string& name) const;
  void write(const std::string& name, const std::string& text) const;

 private:
  std::string folder_;
};

}  // namespace socktap::bench
