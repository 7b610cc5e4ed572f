using System.Collections.Immutable;
using System.Numerics;
using Orchestrator.Core.Expressions.Compilation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>A group's rules in the network, with what they remember; gives what <see cref="GroupRun"/> gives, and looks only at what changed.</summary>
internal sealed class GroupPlan
{
    private readonly RuleGroup _group;
    private readonly Network _network;
    private readonly SeriesColumns _columns;
    private readonly RuleSlot[] _slots;
    private readonly RuleAnswers _answers;
    private readonly HashSet<string>? _read;
    private readonly ulong[] _pending;
    private readonly ulong[] _always;
    private readonly PriorityQueue<int, long> _due = new();
    private readonly AlertChanges _transitions = new();
    private readonly AlertStock _stock = new();
    private readonly List<LabelledSample> _overlay = [];
    private readonly List<RuleOutcome> _removed = [];
    private readonly Func<SeriesSnapshot> _seen;
    private SeriesSnapshot _snapshot = SeriesSnapshot.Empty;
    private RuleGroupState? _state;
    private long _asOf = long.MinValue;

    public GroupPlan(RuleGroup group, Network network, SeriesColumns columns)
    {
        (_group, _network, _columns) = (group, network, columns);
        _answers = new RuleAnswers(network);
        _read = GroupReads.Names(group);
        _pending = new ulong[Bits.Words(group.Rules.Length)];
        _always = new ulong[_pending.Length];
        _seen = () => _overlay.Count == 0 ? _snapshot : _snapshot.With(_overlay);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        _slots = [.. group.Rules.Select((rule, i) => Slot(rule, i, keys))];
    }

    /// <summary>What the rules say at an instant, after what they remembered.</summary>
    public GroupEvaluation Evaluate(RuleGroupState before, SeriesSnapshot snapshot, long asOf)
    {
        if (!ReferenceEquals(before, _state) || asOf < _asOf)
        {
            Load(before, snapshot, asOf);
        }

        Pass(snapshot, asOf);
        return Complete();
    }

    /// <summary>Lets alerts follow from what changed since the last pass; what changed in them, in the order of rules and labels.</summary>
    public IReadOnlyList<AlertTransition> Pass(SeriesSnapshot snapshot, long asOf)
    {
        (_snapshot, _asOf, _state) = (snapshot, asOf, null);
        _overlay.Clear();
        _transitions.Begin(asOf);
        _stock.Reuse();
        _network.Move(RuleRun.ReadAtOf(_group, asOf), _seen);
        while (_due.TryPeek(out var rule, out var due) && due <= asOf)
        {
            _due.Dequeue();
            _pending.Put(rule, true);
        }

        for (var i = Next(0); i >= 0; i = Next(i + 1))
        {
            _pending.Put(i, false);
            Look(_slots[i]);
        }

        return _transitions;
    }

    /// <summary>The state to remember and the samples to store after a pass.</summary>
    public GroupEvaluation Complete()
    {
        var run = Run();
        var samples = ImmutableArray.CreateBuilder<LabelledSample>();
        var rules = RuleGroupState.Empty.Rules.ToBuilder();
        foreach (var slot in _slots)
        {
            samples.AddRange(slot.Samples ?? slot.Close(run).Samples);
            rules.Add(slot.Key, slot.State);
            slot.Reopen();
        }

        foreach (var outcome in _removed)
        {
            samples.AddRange(outcome.Samples);
            _transitions.Add(outcome.Transitions);
        }

        _removed.Clear();
        _state = new(rules.ToImmutable());
        return new(_state, samples.ToImmutable(), [.. _transitions]);
    }

    private void Load(RuleGroupState before, SeriesSnapshot snapshot, long asOf)
    {
        _due.Clear();
        _removed.Clear();
        foreach (var slot in _slots)
        {
            slot.Load(before.Rules.GetValueOrDefault(slot.Key, RuleState.Empty));
        }

        for (var i = 0; i < _slots.Length; i++)
        {
            _pending.Put(i, true);
        }

        var kept = _slots.Select(slot => slot.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, state) in before.Rules.Where(pair => !kept.Contains(pair.Key)))
        {
            _removed.Add(RuleStep.Remove(key[..key.LastIndexOf('#')], state, new RuleRun(_group, snapshot, asOf)));
        }
    }

    private RuleSlot Slot(Rule rule, int index, HashSet<string> keys)
    {
        var key = RuleStep.Key(rule.Name, keys.Contains);
        keys.Add(key);
        var slot = new RuleSlot(rule, key) { Naming = rule is Rule.Alerting named ? new AlertNaming(_group, named) : null };
        if (rule is Rule.Alerting alerting && AlertBook.CanKeep(_group, alerting, slot.Naming!) && _network.Condition(rule.Expression.Root, alerting.MinRows) is { } condition)
        {
            var pages = new AlertPages(slot.Naming!, _stock, due => _due.Enqueue(index, due));
            slot.Book = new AlertBook(condition, pages, () => _pending.Put(index, true));
            _pending.Put(index, true);
            _always.Put(index, IsRead(AlertSeries.Alerts) || IsRead(AlertSeries.ForState)); // later rules see its series as of now
        }
        else
        {
            _always.Put(index, true);
            AddParts(rule);
        }

        return slot;
    }

    private void AddParts(Rule rule)
    {
        _answers.Add(rule.Expression.Root);
        if (rule is not Rule.Alerting alerting)
        {
            return;
        }

        if (alerting.NoData != NoData.Resolve || alerting.Clear is not null)
        {
            _answers.AddPresence(alerting);
        }

        if (alerting.Clear is { } clear)
        {
            _answers.Add(clear.Root);
        }
    }

    /// <summary>The next rule at or after a place that has to be looked at; -1 where there is none.</summary>
    private int Next(int from)
    {
        for (var word = from >>> 6; word < _pending.Length; word++)
        {
            var bits = _pending[word] | _always[word];
            bits = word == from >>> 6 ? bits & (ulong.MaxValue << from) : bits;
            if (bits != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return -1;
    }

    private void Look(RuleSlot slot)
    {
        if (slot.Book is { } book)
        {
            if (book.TryLook(_network.Moment))
            {
                book.Apply(_asOf, _transitions);
                if (IsRead(AlertSeries.Alerts) || IsRead(AlertSeries.ForState))
                {
                    Write(slot.Close(Run()));
                }

                return;
            }

            slot.LeaveBook();
            _always.Put(Array.IndexOf(_slots, slot), true);
            AddParts(slot.Rule);
        }

        var outcome = slot.Evaluate(Run());
        _transitions.Add(outcome.Transitions);
        Write(outcome);
    }

    private RuleRun Run() => new(_group, _overlay.Count == 0 ? _snapshot : _network.Moment.Snapshot, _asOf) { Answers = _answers };

    private bool IsRead(string name) => _read is null || _read.Contains(name);

    /// <summary>Later rules see what a rule wrote.</summary>
    private void Write(RuleOutcome outcome)
    {
        var written = false;
        foreach (var (labels, sample) in outcome.Samples)
        {
            if (IsRead(labels.Name))
            {
                _columns.Put(labels, sample);
                _overlay.Add(new(labels, sample));
                written = true;
            }
        }

        if (written)
        {
            _network.LookEverywhere();
        }
    }
}
