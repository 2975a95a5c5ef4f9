/* What a script's part of the programs, the programs and whoever reads what it keeps agree on.
 * Shared with the kernel side, so it is C and includes nothing: the includer brings __u64.
 */
#ifndef SOCKTAP_SCRIPT_ABI_H
#define SOCKTAP_SCRIPT_ABI_H

/* Bits of its answer. */
enum {
  SOCKTAP_SCRIPT_WANTS = 1 << 0, /* the event is to be sent */
  SOCKTAP_SCRIPT_KEEPS = 1 << 1, /* something was made of it */
};

/* Each CPU's memory begins with it. */
struct socktap_script_header {
  __u64 ready; /* things may be kept; written from outside */
  __u64 epoch; /* 0 or 1, to which copy of the tables; written from outside */
  __u64 busy;  /* just now something is */
  __u64 kept;  /* events that were dealt with and not sent */
  __u64 unwanted;
  __u64 answer;          /* the bits so far */
  __u64 event_time;      /* ns of CLOCK_MONOTONIC; 0: it was not asked for yet */
  __u64 update_time;     /* of the event's next update, as that */
  __s64 realtime_offset; /* of CLOCK_REALTIME, ns; written from outside */
};

/* A cell begins with the time of its first update since the tables were emptied; 0: there was none,
 * and nothing else of it counts. */
struct socktap_kept_sum {
  __u64 first;
  __s64 sum;
};
struct socktap_kept_statistic {
  __u64 first;
  __s64 count;
  __s64 sum;
  __s64 min;
  __s64 max;
  /* Buckets follow, a u64 each, if it has a histogram. */
};
struct socktap_kept_last {
  __u64 first;
  __u64 time;
  /* The value follows. */
};

#endif /* SOCKTAP_SCRIPT_ABI_H */
