namespace Orchestrator.Runtime.Effects;

/// <summary>Published when effects became ready: a hint that wakes workers; the rows are the truth, so a lost or doubled one changes nothing.</summary>
public sealed record EffectsReady;
