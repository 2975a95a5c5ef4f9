/* Records on their way from who observes to who reads them, in memory that both have. Shared with
 * the kernel side of sources, so it is C and includes nothing: the includer brings __u64.
 */
#ifndef SOCKTAP_RING_ABI_H
#define SOCKTAP_RING_ABI_H

/* One CPU's ring: its records are slots[cpu * settings.slots + (position & (settings.slots - 1))].
 * The writer writes the first line, the reader the second. */
struct socktap_cpu {
  __u64 head; /* positions reserved so far */
  __u64 lost; /* records without a free slot */
  __u64 filtered;
  __u64 map_full;
  __u64 missed;
  __u64 reserving; /* programs that are about to, of those for older kernels */
  __u64 unwanted;  /* events that the script's part turned down */
  __u64 has_ended; /* the writer is done */
  __u64 tail;      /* positions read so far */
  __u64 spare_of_reader[7];
};

/* Free slots kept for programs that interrupt one between its test for room and its reservation. */
#define SOCKTAP_RING_SLACK 4

#endif /* SOCKTAP_RING_ABI_H */
