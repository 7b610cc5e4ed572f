using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Compilation;

namespace Orchestrator.Core.Rules;

/// <summary>The alerts of a rule that follow from its condition alone: only lanes that turned since the last evaluation, and times that are due, are looked at.</summary>
/// <remarks>Rules that ask for more (<c>clear</c>, <c>no_data</c>, <c>measurements</c>, labels with values) are evaluated alert by alert in <see cref="AlertingRun"/>.</remarks>
internal sealed class AlertBook
{
    private readonly Condition _condition;
    private readonly LabelWrites _writes;
    private readonly AlertStock _stock;
    private bool _isPlaced; // the alerts have found their lanes
    private int _lanes = -1; // how many there were when their alerts were last told apart

    public AlertBook(Condition condition, AlertPages pages, Action pend)
    {
        (_condition, Pages, _writes, _stock) = (condition, pages, pages.Naming.Writes, pages.Stock);
        condition.Pend = pend;
    }

    public AlertPages Pages { get; }

    /// <summary>Why the condition could not be evaluated; the alerts are then those before.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether a rule's alerts can be kept this way.</summary>
    public static bool CanKeep(RuleGroup group, Rule.Alerting rule, AlertNaming naming) =>
        rule is { NoData: NoData.Resolve, Clear: null, Measurements: 1 } && group.Limit == 0 && naming is { IsStatic: true, IsDeferrable: true };

    /// <summary>Takes over what was remembered, by this rule or an earlier version of it.</summary>
    public void Load(ImmutableArray<Alert> alerts)
    {
        Pages.Load(alerts);
        _isPlaced = false;
        _condition.Invalidate();
    }

    /// <summary>Finds what turned since the last evaluation; false where the alerts of two samples might be one.</summary>
    public bool TryLook(Moment moment)
    {
        _stock.Lost.Clear();
        _stock.Turned.Clear();
        Error = _condition.Refresh(moment)?.Text;
        if (Error is not null)
        {
            _condition.Invalidate(); // what was due meanwhile is caught up with
            return true;
        }

        var isOther = !_isPlaced || _condition.HasOtherLanes;
        if ((isOther || _condition.LaneCount != _lanes) && !_condition.TellsApart(_writes))
        {
            return false;
        }

        if (isOther)
        {
            _condition.Forget();
            Pages.Place(_condition, _stock.Lost);
        }

        (_isPlaced, _lanes) = (true, _condition.LaneCount);
        _condition.Differences(_stock.Turned);
        return true;
    }

    /// <summary>Lets the alerts follow.</summary>
    public void Apply(long asOf, AlertChanges changes)
    {
        if (Error is not null)
        {
            return;
        }

        foreach (var lane in _stock.Turned)
        {
            if (!_condition.Holds(lane))
            {
                Pages.Claim(lane, _condition, _stock.Lost);
            }
        }

        foreach (var lost in _stock.Lost)
        {
            Pages.End(lost, asOf, changes);
        }

        foreach (var lane in _stock.Turned)
        {
            Turn(lane, asOf, changes);
        }

        See();
        Pages.CatchUp(asOf, changes);
        _condition.Close();
    }

    private void Turn(int lane, long asOf, AlertChanges changes)
    {
        var holds = !_condition.Holds(lane);
        _condition.Hold(lane, holds);
        if (holds)
        {
            Pages.Begin(_condition.At(lane), asOf, changes);
        }
        else
        {
            Pages.End(Pages.At(lane)!, asOf, changes);
        }
    }

    /// <summary>Alerts carry the last value for which the condition held.</summary>
    private void See()
    {
        if (_condition.TryMoved(out var lanes))
        {
            foreach (var lane in lanes)
            {
                if (_condition.Holds(lane))
                {
                    Pages.See(Pages.At(lane)!, _condition.At(lane));
                }
            }

            return;
        }

        Pages.SeeAll(_condition);
    }
}
