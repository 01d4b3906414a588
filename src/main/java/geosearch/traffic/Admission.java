package geosearch.traffic;

/** What becomes of a call. */
enum Admission {
  /** It is answered. */
  ANSWER,
  /** It is refused at once. */
  REFUSE,
  /** It is looked at again in the next turn, with all that its connection has sent after it. */
  LATER
}
