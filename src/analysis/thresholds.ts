/**
 * Every number that decides something in this folder, with where it comes from.
 * "measured": chosen on real traces and synthetic series in the comparison that the method rests on (`npm run evaluate` repeats the scoring);
 * "bound": follows from the sampling theorem or from arithmetic; "ours": chosen here, with the reason beside it.
 */

/** When a window says nothing at all. */
export const sufficiency = {
  /** measured: below 24 samples at most a fifth of all cycles is found. */
  minSamples: 24,
  /** measured: share of grid points that may lack a sample nearby. */
  maxMissingShare: 0.4,
  /** measured: "nearby", in grid steps; bound: half of the widest randomised interval (1.5 x mean). */
  nearSteps: 0.75,
  /** ours: at 6 Hz 24 samples are 4 s, which shows the start of a job, not a pattern. */
  minSpanSeconds: 20,
} as const;

export const windows = {
  /** measured: fast, slow, and one for long cycles; the shortest that finds something firm wins. */
  lengthsSeconds: [120, 600, 3600] as readonly number[],
  /** ours: a longer window is tried only if it holds this much more than the one before. */
  minGrowth: 1.1,
  /** measured: cost grows with n log n, so longer series are averaged down to this many samples. */
  maxSamples: 1200,
  /** ours: a class from fewer samples is a guess, so slow sampling is classified on the next longer window. */
  minClassSamples: 60,
} as const;

/** Values outside are sensor errors; drivers were seen to report utilisations of 1,000 to 4,294,967,295. The same as the limits of readings in gpu/. */
export const plausible = {
  percent: [0, 100],
  /** 16 TiB. */
  memUsedMiB: [0, 16 * 1024 * 1024],
  powerWatts: [0, 10_000],
  /** bound: beyond 2^43 s either way a double no longer tells milliseconds apart, so such a stamp is no time; differences stay finite. */
  stampSeconds: [-(2 ** 43), 2 ** 43],
} as const;

/** Samples that come in clumps, several at nearly one time. */
export const clumps = {
  /** ours: of all intervals, those within clumps; in pairs it is half of them. */
  leastShare: 0.25,
  /** ours: among the intervals of clumps of up to nine, this quantile lies between clumps. */
  longQuantile: 0.9,
  /** ours: clumps are shorter than this share of what lies between them, and drivers average power over the shorter of the two times; a listing of 16 GPUs takes the longer. */
  shareOfLong: 0.05,
  leastSeconds: 0.025,
  mostSeconds: 0.2,
  /** ours: with less between them they are samples of a fast and uneven logger. */
  leastLongSeconds: 0.25,
} as const;

/** How far a channel must move (P99 - P1) before a cycle is looked for in it; measured. */
export const channelGate = {
  percentPoints: 4,
  memoryMiB: 64,
  memoryShareOfMax: 0.02,
  powerWatts: 8,
  powerShareOfMax: 0.08,
  minRange: 2,
  minDeviation: 0.5,
} as const;

export const detector = {
  /** measured: clipping takes single outliers out of the variance. */
  clipPercentiles: [0.5, 99.5],
  /** measured: the moving mean that is subtracted is n / 2.5 samples wide. */
  trendDivisor: 2.5,
  /** bound: at lags beyond, too few products are left to average. */
  maxLagShare: 0.7,
  /** bound: four samples show a shape, two only an alternation. */
  minPeriodSamples: 4,
  /** bound: three repetitions are the least that can be told from chance. */
  minCycles: 3,
  /** measured: fewer cycles than this are called tentative. */
  firmCycles: 4,
  periodGridRatio: 1.01,
  maxTeeth: 6,
  /** measured: cycles jitter, so a later tooth may be off by this share of its lag (whole width). */
  toothToleranceShare: 0.04,
  minContrast: 0.35,
  minInPhase: 0.25,
  /** measured: false-positive rate asked for, shared among the channels tested; both nulls together let through 0.25 %. */
  alpha: 0.014,
  /** measured: p against red noise counts twice: AR(1) series are what comes nearest to a cycle and none of those that are hard to find. */
  redNoiseWeight: 2,
  /**
   * measured: where the times from rise to rise are whole periods, as in all short pulses and dips that are hard to find and in no random on/off that passes, p against
   * random on/off counts a tenth; where there are two levels that change at other times, three times. 0.25 instead of 0.37 % false alarms, 96.5 instead of
   * 95.9 % of degraded cycles found.
   */
  regularWeight: 0.1,
  irregularWeight: 3,
  /** ours: what lies between two levels is a tenth of the variance at most; a sine leaves a fifth, a sawtooth a quarter. */
  twoLevelShare: 0.9,
  /** ours: share of the period that an interval may be off; as many intervals must be whole periods, of at least so many. */
  regularTolerance: 0.2,
  regularShare: 0.8,
  regularIntervals: 3,
  /** ours: what the trend leaves must move by this share of the whole: surrogates imitate the whole, so that they say nothing about less. */
  minDetrendedShare: 0.1,
  /**
   * ours: drawn of each null, and looked at in between: a case that is clear needs no more. measured: the last step, for cases in doubt, makes p less of a guess:
   * 0.27 instead of 0.37 % false alarms, and no cycle lost.
   */
  surrogateCounts: [12, 24, 48, 100, 250] as readonly number[],
  /**
   * bound: -ln p of n surrogates has a relative standard error of about 1.1 / sqrt(n); ours: doubt is a little more than two of them. Measured on 9,800 series:
   * 0.2 % of those that all surrogates would call significant are lost, none is gained.
   */
  earlyRejectDoubt: 2.6,
  earlyAcceptDoubt: 2.3,
  /**
   * measured: a weighted p against the kept laws of red noise, of so many surrogates each, is chance from here on; not asked of series more skewed. Of 13,560 series
   * two cycles are lost (with the skewed ones 1 %); 83 % of the series without one that have a comb need no surrogates of their own.
   */
  knownNoiseP: 0.25,
  knownNoiseCount: 48,
  mostKnownSkewness: 1.5,
  /** measured: added to the standard deviation over surrogates, so that quiet lags do not explode. */
  deviationFloor: 0.02,
  /** ours: any fixed number; the verdict is a function of the data alone. */
  seed: 20_210,
  maxPhi: 0.9995,
  /** measured: multiples of the period score equally, so the smallest that comes this close to the best is taken. */
  smallestShare: 0.9,
  /** measured: the best score is looked for this far above the smallest. */
  smallestReach: 1.12,
  refineSearchShare: 0.3,
  refineMaxShift: 0.08,
} as const;

/** When a known cycle is only looked at again instead of searched for. How much it may differ then is what makes two periods different for the detector. */
export const recognition = {
  /** ours: five minutes: two windows of the shortest have passed and half of the next, so whatever else has come is in them by then. */
  searchSeconds: 300,
} as const;

/** When a cycle that a window holds has come to its end; ours. */
export const ending = {
  /** A cycle whose length jitters by a sixth is still not half a period late. */
  periods: 1.5,
  /** Checkpoints were seen to pause steps of a second for up to 20 s. */
  pauseSeconds: 30,
  /** A job that holds its memory is there still: it may validate, or write a large checkpoint. (After 2 min it is idle in any case.) */
  heldPauseSeconds: 50,
  heldShare: 0.9,
  /** Stretches overlap by all but this part, so that no pause falls between two of them. */
  looksPerStretch: 4,
  usualPercentile: 75,
  quietShare: 0.3,
  /** A job whose memory is gone has left: below this share of what was usual. */
  releasedShare: 0.5,
  releasedPauseSeconds: 10,
  /** A rest counts as an end only when it is longer than any before by this factor. */
  longerThanBefore: 1.25,
  /** A GPU that has rested so long after work, and for at least so many samples, is idle now. */
  idleSeconds: 40,
  idleSamples: 4,
  /** Work with pauses in it, i.e. rests of this length, is asked for more: bursts may come again. */
  restSeconds: 5,
  restedIdleSeconds: 55,
  restedLonger: 2,
} as const;

/** What tells a period from the alias of a faster one. */
export const aliasing = {
  /**
   * bound: uniform within ±50 %, as the collector samples, intervals have a coefficient of variation of 0.29; a loop that is late now and then stays below 0.1 but
   * for its few long gaps. measured: at ±20 % (0.12) half of what is too fast still shows as something slower.
   */
  leastVariation: 0.2,
  /**
   * ours: a lattice is looked for under intervals of which this share is shorter; "on it" is within this share of its step. bound: of uniform intervals a fifth lies
   * there by chance.
   */
  shortShare: 0.05,
  latticeTolerance: 0.1,
  mostLatticeShare: 0.6,
  /** ours: intervals beyond this many medians are gaps. */
  gapMedians: 2,
  /** bound: what drivers average a sample of utilisation over is 1 s at most; slower samples are points with something between them. */
  averagedSeconds: 1,
  /** bound: drivers give whole percents, so that what moves by A moves by A + 1 at most. */
  roundingPercent: 1,
  /** measured: of a cycle in means over even intervals; aliases of two to five samples have 0.55 and more, and the comb finds multiples of them. */
  mostFastShare: 0.4,
  /** ours: power readings average over 25 ms or more, so that what is faster than this hardly shows in them. */
  fastSamplingSeconds: 0.025,
  /** ours: of the cycle in another channel that confirms one. */
  confirmingCorrelation: 0.25,
  /** measured: of samples that carry the variance; with fewer, one series in a thousand without a period has a line. */
  minSamples: 40,
  /** ours: more cost more than they tell. */
  maxSamples: 400,
  /** bound: of a step ten times as fast as the samples a counter that averages over one interval keeps 3 %. */
  shortestIntervals: 0.1,
  /** measured: widths of a line, in those of one that never wanders; steps whose length jitters by 3 % need the wide ones. */
  lineWidths: [1, 4, 16] as readonly number[],
  /** measured: of 960 cycles too fast for their samples one showed a wrong period, by chance, with p between this and alpha. */
  shownP: 1e-3,
  /** ours: an upper bound of the chance, so small because every round of every GPU asks. */
  fastStepP: 1e-4,
} as const;

/** What a recording's own time stamps say of how it was sampled. */
export const recordedSampling = {
  /**
   * bound: as fast as the collector samples (200 ms; a loop that asks for it gets it a little later): the counters themselves average over 1/6 s to 1 s, so what is
   * faster hardly shows.
   */
  fastSeconds: 0.25,
  /** ours: samples that come in bursts are no samples at random times: of those, a quarter of the intervals is never this much shorter than where most of the time goes. */
  leastShortShare: 0.1,
} as const;

/** The confidence interval of a period. */
export const margin = {
  /** bound: a spread needs two spacings, three cycles. */
  minSpacings: 2,
  /** ours: how far a cycle may begin from where its neighbour says, share of the period: jitter beyond 20 % is not called cyclic anyway. */
  searchShare: 0.25,
} as const;

/** What tells the classes apart. Utilisation in percent; shares 0-1. */
export interface ClassThresholds {
  readonly idleP97: number;
  readonly idleMean: number;
  readonly idleMemoryMiB: number;
  readonly idleMemoryShare: number;
  readonly transitionExplained: number;
  readonly gapPercent: number;
  readonly gapShareOfP95: number;
  readonly burstyShare: number;
  readonly burstyPeak: number;
  readonly burstyVariation: number;
  readonly steadySpreadShare: number;
  readonly steadySpread: number;
  readonly steadyGapShare: number;
  readonly levelShare: number;
}

/** Measured: chosen by `npm run evaluate` on all sources of its grid (bench/evaluate/traces/class-grid.ts), unless said otherwise. */
export const classes: ClassThresholds = {
  idleP97: 2,
  idleMean: 1,
  idleMemoryMiB: 600,
  idleMemoryShare: 0.02,
  transitionExplained: 0.7,
  /** ours: a gap is what is as good as idle beside the load, and rounding and a desktop make of nothing up to this. */
  gapPercent: 5,
  gapShareOfP95: 0.1,
  burstyShare: 0.15,
  /** ours: three times what counts as a gap. */
  burstyPeak: 15,
  /** ours: a load whose standard deviation is nearly its mean consists of its peaks, even where it never quite rests between them. */
  burstyVariation: 0.8,
  /** ours: a spread (P90 - P10) of half the level is a coefficient of variation of 0.2: flat to the eye. */
  steadySpreadShare: 0.5,
  /** ours: at low levels that share is a few points of rounding and chance. */
  steadySpread: 15,
  steadyGapShare: 0.1,
  /** ours: parts of the window whose means vary by no more than this share of the level lie on one level. */
  levelShare: 0.15,
};

/** Whether parts of a window lie on one level. */
export const level = {
  /** ours: a quarter of a minute each in the shortest window, and three samples of the fewest. */
  parts: 8,
  /** bound: of independent samples the variance of the means of eight parts is above this many times its expectation in one series of a hundred (chi-squared, 7 degrees). */
  chanceRatio: 2.64,
} as const;

/** Where utilisation is missing, power stands in for it. */
export const powerStandIn = {
  /** ours: single spikes and dips are neither floor nor ceiling. */
  extremePercentiles: [2, 98],
  /** ours: idle boards draw 5 to 20 % of what they draw busy, and up to a third with a context open. A lowest power above that is no floor: the load never rested. */
  floorShare: 0.4,
  /** ours: boards at rest draw the same all the time; a lowest tenth that moves by more than this share of the ceiling is work. */
  restPercentile: 10,
  restShare: 0.02,
  /** ours: the floor of a board that was never seen at rest, share of its ceiling. */
  assumedFloorShare: 0.15,
  /** ours: a board whose limit is known and that never draws more than this share of it does not work. */
  idleLimitShare: 0.2,
  /** ours: without a limit, what no board of a data centre draws less than while it works. Few desktop cards draw more at rest. */
  idleWatts: 40,
  /** ours: though with a ripple of up to half of it. */
  idleRippleShare: 0.5,
  /** ours: and quiet boards of data centres rest at up to this, moving (P98 - P2) by less than that share, or those watts. */
  quietIdleWatts: 75,
  quietShare: 0.04,
  quietWatts: 2,
  /** ours: in percent from floor to ceiling: idle power has a ripple of its own. */
  idleP97: 10,
  idleMean: 5,
  /** ours: clocks and temperature move the power of one and the same work by a fifth; what begins or ends moves it by more than this. */
  minJump: 35,
  /** ours: what is concluded from a stand-in is said with less confidence. */
  confidence: 0.7,
} as const;

export const stall = {
  utilPercent: 95,
  /** measured: power below idle + 25 % of (limit - idle). */
  powerShare: 0.25,
  /** ours: between the 56 % seen with rare checkpoints and noise. */
  timeShare: 0.5,
  /** ours: data-centre GPUs idle at 8-15 % of their limit; used when the window holds no idle moment. */
  idlePowerShare: 0.15,
} as const;

/** Measured: false positives 0 % on white noise, 3.5 % on AR(1) 0.7, steps of 15 points and more found in 99.5 %. */
export const changePoint = {
  minSegment: 5,
  minSegmentShare: 1 / 20,
  penalty: 4,
  maxPhi: 0.97,
  minJump: 10,
  /** ours: single spikes and drops are no second change. */
  mostStrayShare: 0.04,
} as const;

export const forecast = {
  horizonSeconds: 120,
  /** measured: the largest of ten minutes is exceeded in 3.3 %, of two in 5.6 % of 1,382 windows. */
  memoryHistorySeconds: 600,
  /** ours: an empty GPU is expected to get its last job again for as long as the longest window remembers it. */
  memoryLastJobSeconds: 3600,
  /** ours: a level is settled when twice the horizon ago as much was used, but for this share. */
  memorySettledSeconds: 240,
  memorySettledShare: 0.98,
  /** measured: settled levels rose by 0.5 % (56 MiB) at most, but for new jobs. */
  memorySettled: { factor: 1.03, marginMiB: 64 },
  /** measured: at its start a job grows on, by up to a tenth after its first minute. */
  memoryYoung: { factor: 1.1, marginMiB: 256 },
  /** measured: cycles that are averaged for the one ahead, by what would have told the last ones best (0: their level); more than four add nothing. */
  cyclesAveraged: [1, 2, 3, 4, 0] as readonly number[],
  /** measured: by its last two cycles a choice is neither chance nor old. */
  cyclesScored: 2,
} as const;

export const stability = {
  /** measured: said when 2 of the last 3 windows agree. */
  votes: 3,
  majority: 2,
  /** measured: a cycle is dropped after 3 windows without it... */
  silentVotes: 3,
  /** ...ours: but not before this share of the window it rests on has passed, because windows that overlap miss it together; at most maxSilentSeconds. */
  silentWindowShare: 0.5,
  maxSilentSeconds: 120,
  /**
   * measured: on stationary noise at the edges of steady, bursty and others (class-hysteresis.test.ts) a GPU changes 0.5 times an hour instead of 3.4 where samples
   * come each second, 0.4 instead of 1.2 times at 5 s. ours: no change of load waits longer than maxDoubtSeconds.
   */
  doubtWindows: 2,
  agreementWeight: 2,
  maxDoubtSeconds: 600,
  /** measured: two periods agree within 10 %. */
  periodAgreement: 0.1,
  /** ours: one window alone is believed, when nothing was said before, at this confidence (see stability.ts for the measured false positives). */
  singleConfidence: 0.9,
} as const;
