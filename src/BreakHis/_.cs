namespace BreakHis;
