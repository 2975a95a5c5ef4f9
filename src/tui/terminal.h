// The terminal while `top` has it: its whole screen, and the keys pressed. Afterwards it is as it
// was, also if the program crashes.
#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "tui/canvas.h"

namespace socktap::tui {

class Terminal {
 public:
  // Fails where there is none, or of a kind that nobody knows. One at a time.
  static Result<std::unique_ptr<Terminal>> open();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  unsigned width() const;
  unsigned height() const;
  void show(const Canvas& canvas);

  // The next one that was pressed (a character or a Key), without waiting.
  std::optional<int> key();
  bool was_resized() const { return was_resized_; }  // since show()

 private:
  Terminal() = default;
  bool shows_utf8_ = false;
  bool was_resized_ = false;
};

}  // namespace socktap::tui
