using System.Collections.Generic;

namespace PsIpc.Host.Engine;

/// <summary>Which mandatory parameters are missing, and what that says of the parameter set where input is still to come.</summary>
internal sealed partial class ParameterBinder
{
    private const uint EverySet = uint.MaxValue;

    /// <summary>What one set misses: what can still come from the pipeline, and what cannot.</summary>
    private sealed class Missing(uint set)
    {
        internal uint Set { get; } = set;

        internal List<ParameterDescription> FromPipeline { get; } = [];

        internal List<ParameterDescription> Others { get; } = [];
    }

    private List<ParameterDescription> FindMissingMandatory(int valid, bool expectsInput)
    {
        List<Missing> missing = [];
        List<ParameterDescription> all = [];
        uint missingSets = 0;
        foreach (ParameterDescription parameter in _unbound)
        {
            bool isMissing = false;
            foreach (ParameterSetData data in parameter.Sets)
            {
                if (data.IsMandatory && data.IsIn(_sets))
                {
                    isMissing = true;
                    uint set = data.IsInAllSets ? EverySet : data.Flag;
                    missingSets |= set & _sets;
                    Missing entry = Of(missing, set);
                    (expectsInput && data.FromPipeline ? entry.FromPipeline : entry.Others).Add(parameter);
                }
            }

            if (isMissing)
            {
                all.Add(parameter);
            }
        }

        if (!expectsInput || missing.Count == 0)
        {
            return expectsInput ? [] : all;
        }

        if (_description.SetNames.Count > 0)
        {
            missingSets &= _description.AllSets;
        }

        return AwaitInput(missing, missingSets, valid);
    }

    /// <summary>Decides which sets to keep while the pipeline may still bring what they miss; what it cannot bring is returned.</summary>
    private List<ParameterDescription> AwaitInput(List<Missing> missing, uint missingSets, int valid)
    {
        uint preferred = _description.DefaultSet;
        if (valid > 1 && preferred != 0 && (preferred & missingSets) == 0 && (preferred & _sets) != 0)
        {
            if (!missing.Exists(one => one.Set != EverySet && (one.Set & _sets) != 0 && (one.Set & preferred) == 0 && one.FromPipeline.Count > 0))
            {
                // The default set misses nothing: sets that miss something are out, and it goes first.
                missingSets = _sets & ~missingSets & (_description.AllSets | preferred);
                _sets = missingSets;
                _preferredForInput = _sets == preferred ? 0 : preferred;
                SetName = _sets == preferred ? _description.NameOf(_sets) : SetName;
            }
        }

        int count = CountOf(missingSets);
        if (count == 0)
        {
            throw BindingFailure.AmbiguousSet();
        }

        if (count == 1)
        {
            return OthersOf(missing, missingSets);
        }

        if (_preferredForInput != 0)
        {
            return [];
        }

        if (preferred != 0 && (missingSets & preferred) != 0 && LatchesOnToDefault(missing, preferred))
        {
            _sets = preferred;
            SetName = _description.NameOf(_sets);
            return OthersOf(missing, preferred);
        }

        return AwaitInputInOtherSet(missing, missingSets);
    }

    private static bool LatchesOnToDefault(List<Missing> missing, uint preferred)
    {
        // Another set that the pipeline alone can complete keeps the default from being taken,
        // unless something is missing everywhere that the pipeline cannot bring.
        bool anotherCanBeCompleted = missing.Exists(one =>
            one.Set != EverySet && (one.Set & preferred) == 0 && one.FromPipeline.Count > 0 && one.Others.Count == 0);
        return !anotherCanBeCompleted || missing.Exists(one => one.Set == EverySet && one.Others.Count > 0);
    }

    private List<ParameterDescription> AwaitInputInOtherSet(List<Missing> missing, uint missingSets)
    {
        List<Missing> taking = missing.FindAll(one => one.Set != EverySet && (one.Set & missingSets) != 0 && one.FromPipeline.Count > 0);
        if (taking.Count == 1)
        {
            uint chosen = taking[0].Set;
            if (taking[0].Others.Count > 0)
            {
                _sets = chosen;
            }
            else
            {
                foreach (Missing one in missing)
                {
                    _sets &= one.Set != EverySet && (one.Set & chosen) == 0 ? ~one.Set & _description.AllSets : EverySet;
                }

                _preferredForInput = _sets == chosen ? 0 : chosen;
            }

            SetName = _description.NameOf(_sets);
            return OthersOf(missing, chosen);
        }

        if (!missing.Exists(one => one.Others.Count > 0))
        {
            return [];
        }

        if (taking.Count == 0)
        {
            throw BindingFailure.AmbiguousSet();
        }

        foreach (Missing one in missing)
        {
            _sets &= one.Set != EverySet && one.Others.Count > 0 ? ~one.Set & _description.AllSets : EverySet;
        }

        return _sets != 0 ? [] : throw BindingFailure.AmbiguousSet();
    }

    private static List<ParameterDescription> OthersOf(List<Missing> missing, uint sets)
    {
        List<ParameterDescription> result = [];
        foreach (Missing one in missing)
        {
            if (one.Set == EverySet || (one.Set & sets) != 0)
            {
                result.AddRange(one.Others);
            }
        }

        return result;
    }

    private static Missing Of(List<Missing> missing, uint set)
    {
        Missing? entry = missing.Find(one => one.Set == set);
        if (entry is null)
        {
            missing.Add(entry = new Missing(set));
        }

        return entry;
    }
}
