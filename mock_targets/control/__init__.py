"""Pure test control: clock and ids, behaviour flags, faults and the journal. Nothing here knows HTTP or a vendor."""
