using System.Collections.Immutable;
using System.Numerics;
using Orchestrator.Core.Expressions.Compilation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>The alerts of a rule that follows from its condition alone: only lanes that differ from the last evaluation, and times that are due, are looked at.</summary>
/// <remarks>Rules that ask for more (<c>clear</c>, <c>no_data</c>, <c>measurements</c>, labels with values) are evaluated alert by alert in <see cref="AlertingRun"/>.</remarks>
internal sealed class AlertBook : Dependent
{
    private const int MostTouched = 256;

    private readonly Rule.Alerting _rule;
    private readonly Node _node;
    private readonly Action _pend;
    private readonly HeldLanes _held;
    private readonly List<int> _touched = [];
    private readonly List<int> _begins = [];
    private readonly List<Labels> _names = []; // of those that begin
    private readonly List<StandingAlert> _ends = [];
    private readonly HashSet<Labels> _beginning = [];
    private ulong[] _holding = [];
    private ulong[] _counted = [];
    private Shape? _shape; // none: the alerts have not found their lanes yet
    private bool _isWhole = true;
    private bool _wasWhole;
    private bool _mayHaveRows;

    /// <param name="pend">Asks for a look at the next evaluation.</param>
    public AlertBook(Rule.Alerting rule, Node node, AlertPages pages, Action pend)
    {
        (_rule, _node, Pages, _pend) = (rule, node, pages, pend);
        _held = new HeldLanes(node, this);
        node.Attach(this);
    }

    public AlertPages Pages { get; }

    public override bool FollowsLanes => _rule.MinRows == 0;

    /// <summary>Why the condition could not be evaluated; the alerts are then those before.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether a rule's alerts can be kept this way.</summary>
    public static bool CanKeep(RuleGroup group, Rule.Alerting rule, AlertNaming naming, Node node) =>
        !node.IsScalar && rule is { NoData: NoData.Resolve, Clear: null, Measurements: 1 } && group.Limit == 0 && naming is { IsStatic: true, IsDeferrable: true };

    public override void Invalidate()
    {
        _isWhole = true;
        _pend();
    }

    public override void Flip(Node below, int lane) => Touch(lane);

    public override void Touch(int lane)
    {
        _isWhole = _isWhole || _touched.Count == MostTouched;
        if (!_isWhole)
        {
            _touched.Add(lane);
        }

        _pend();
    }

    /// <summary>Takes over what was remembered, by this rule or an earlier version of it.</summary>
    public void Load(ImmutableArray<Alert> alerts)
    {
        _held.Clear();
        Pages.Load(alerts);
        (_shape, _isWhole) = (null, true);
        _holding = [];
    }

    /// <summary>Finds what differs from the last evaluation; false where two samples would be one alert, or where alerts cannot be told apart by their series.</summary>
    public bool TryLook(Moment moment)
    {
        _node.Refresh(moment);
        Error = _node.Failure?.Text;
        if (Error is not null)
        {
            _isWhole = true;
            _pend(); // what was due meanwhile is caught up with
            return true;
        }

        _begins.Clear();
        _ends.Clear();
        (_wasWhole, _isWhole) = (_isWhole, false);
        if (!_wasWhole)
        {
            _touched.Sort();
            LookAtTouched();
        }
        else if (!TryBind())
        {
            return false;
        }
        else
        {
            LookAtAll();
        }

        return TryName();
    }

    /// <summary>Lets the alerts follow.</summary>
    public void Apply(long asOf, List<AlertTransition> transitions)
    {
        if (Error is null)
        {
            var first = transitions.Count;
            _mayHaveRows = _held.MayHaveRows;
            End(asOf, transitions);
            Begin(asOf, transitions);
            See();
            Pages.CatchUp(asOf, transitions);
            AlertPages.Sort(transitions, first);
            _touched.Clear();
        }
    }

    private void End(long asOf, List<AlertTransition> transitions)
    {
        foreach (var standing in _ends)
        {
            if (standing.Lane >= 0)
            {
                _holding.Put(standing.Lane, false);
                _held.Release(standing.Lane);
            }

            Pages.End(standing, asOf, transitions);
        }
    }

    private void Begin(long asOf, List<AlertTransition> transitions)
    {
        for (var i = 0; i < _begins.Count; i++)
        {
            var lane = _begins[i];
            _holding.Put(lane, true);
            _held.Hold(lane);
            Pages.Begin(At(lane), _names[i], asOf, transitions);
        }
    }

    /// <summary>Alerts carry the last value for which the condition held.</summary>
    private void See()
    {
        if (!_wasWhole)
        {
            foreach (var lane in _touched)
            {
                See(lane);
            }

            return;
        }

        foreach (var lane in Bits.Each(_holding))
        {
            See(lane);
        }
    }

    private void See(int lane)
    {
        if (_holding.Has(lane))
        {
            Pages.See(At(lane));
        }
    }

    private VectorLane At(int lane) => new(lane, _shape!.Labels[lane], _node.Values[lane], _mayHaveRows ? _node.RowsAt(lane) : 0);

    private void LookAtTouched()
    {
        var last = -1;
        foreach (var lane in _touched)
        {
            if (lane != last && _node.Valid.Has(lane) != _holding.Has(lane))
            {
                Note(lane, !_holding.Has(lane));
            }

            last = lane;
        }
    }

    private void LookAtAll()
    {
        var holds = _rule.MinRows > 0 ? Counted() : _node.Valid;
        if (holds.AsSpan(0, _holding.Length).SequenceEqual(_holding))
        {
            return;
        }

        for (var word = 0; word < _holding.Length; word++)
        {
            var differs = holds[word] ^ _holding[word];
            while (differs != 0)
            {
                var lane = (word << 6) + BitOperations.TrailingZeroCount(differs);
                Note(lane, holds.Has(lane));
                differs &= differs - 1;
            }
        }
    }

    /// <summary>Samples that were measured on too few rows do not count.</summary>
    private ulong[] Counted()
    {
        _counted = [.. _node.Valid];
        foreach (var lane in Bits.Each(_node.Valid))
        {
            var rows = _node.RowsAt(lane);
            _counted.Put(lane, rows == 0 || rows >= _rule.MinRows);
        }

        return _counted;
    }

    private void Note(int lane, bool holds)
    {
        if (holds)
        {
            _begins.Add(lane);
        }
        else
        {
            _ends.Add(Pages.At(lane)!);
        }
    }

    /// <summary>Finds the lanes of the alerts where the shape is another one.</summary>
    private bool TryBind()
    {
        var isSame = _node.Shape == _shape;
        if (_held.TryRenew() && isSame)
        {
            foreach (var lane in Bits.Each(_holding))
            {
                _held.Hold(lane);
            }
        }

        if (isSame)
        {
            return true;
        }

        _shape = _node.Shape;
        _holding = new ulong[_shape.Words];
        _held.Clear();
        _held.TryRenew();
        return Pages.TryPlace(_shape, _ends, lane =>
        {
            _holding.Put(lane, true);
            _held.Hold(lane);
        });
    }

    /// <summary>Names the alerts that begin; false where two samples would be one alert.</summary>
    private bool TryName()
    {
        _names.Clear();
        _beginning.Clear();
        foreach (var lane in _begins)
        {
            var name = Pages.NameOf(lane, _shape!);
            if (!_beginning.Add(name) || !Pages.TryClaim(name, lane, _ends))
            {
                return false;
            }

            _names.Add(name);
        }

        return true;
    }
}
