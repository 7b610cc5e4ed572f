namespace Orchestrator.Runtime.Effects;

/// <summary>Tells whoever listens that effects are ready; only a hint, since the rows are the truth.</summary>
public sealed class EffectSignal
{
    public event Action? Ready;

    public void Raise() => Ready?.Invoke();
}
