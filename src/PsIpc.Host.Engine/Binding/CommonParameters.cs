using System;
using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>
/// The parameters that every cmdlet has. Those that need variables are known by name, to be refused by name. They are
/// described by code: reading the attributes of as many properties would take longer than most cmdlets run.
/// </summary>
internal sealed class CommonParameters
{
    /// <summary>Names, their short forms and types, in the order in which PowerShell lists them.</summary>
    private static readonly (string Name, string Alias, Type Type)[] All =
    [
        (nameof(WhatIf), "wi", typeof(SwitchParameter)),
        (nameof(Confirm), "cf", typeof(SwitchParameter)),
        (nameof(Verbose), "vb", typeof(SwitchParameter)),
        (nameof(Debug), "db", typeof(SwitchParameter)),
        (nameof(ErrorAction), "ea", typeof(ActionPreference)),
        (nameof(WarningAction), "wa", typeof(ActionPreference)),
        (nameof(InformationAction), "infa", typeof(ActionPreference)),
        (nameof(ProgressAction), "proga", typeof(ActionPreference)),
        ("ErrorVariable", "ev", typeof(string)),
        ("WarningVariable", "wv", typeof(string)),
        ("InformationVariable", "iv", typeof(string)),
        ("OutVariable", "ov", typeof(string)),
        ("OutBuffer", "ob", typeof(int)),
        ("PipelineVariable", "pv", typeof(string)),
    ];

    private static readonly ParameterSetData[] InEverySet = [new(0, IsMandatory: false, int.MinValue, FromPipeline: false, FromPipelineByName: false)];

    /// <summary>Reaches them.</summary>
    internal static readonly CmdletSource Source = new CommonSource();

    /// <summary>How many of them only cmdlets with ShouldProcess have: the first.</summary>
    private const int OfShouldProcess = 2;

    internal SwitchParameter Verbose { get; private set; }

    internal SwitchParameter Debug { get; private set; }

    internal ActionPreference ErrorAction { get; private set; } = ActionPreference.Continue;

    internal ActionPreference WarningAction { get; private set; } = ActionPreference.Continue;

    internal ActionPreference InformationAction { get; private set; } = ActionPreference.SilentlyContinue;

    internal ActionPreference ProgressAction { get; private set; } = ActionPreference.Continue;

    internal SwitchParameter WhatIf { get; private set; }

    internal SwitchParameter Confirm { get; private set; }

    /// <summary>Describes them.</summary>
    internal static ParameterDescription[] Describe(bool supportsShouldProcess)
    {
        int first = supportsShouldProcess ? 0 : OfShouldProcess;
        ParameterDescription[] parameters = new ParameterDescription[All.Length - first];
        for (int i = first; i < All.Length; i++)
        {
            (string name, string alias, Type type) = All[i];
            ParameterTraits traits = type == typeof(SwitchParameter) ? ParameterTraits.IsSwitch : ParameterTraits.None;
            parameters[i - first] = new ParameterDescription(i, name, [alias], traits, InEverySet);
        }

        return parameters;
    }

    private object? Get(string name) => name switch
    {
        nameof(WhatIf) => WhatIf,
        nameof(Confirm) => Confirm,
        nameof(Verbose) => Verbose,
        nameof(Debug) => Debug,
        nameof(ErrorAction) => ErrorAction,
        nameof(WarningAction) => WarningAction,
        nameof(InformationAction) => InformationAction,
        nameof(ProgressAction) => ProgressAction,
        _ => null,
    };

    private void Set(string name, object? value)
    {
        switch (name)
        {
            case nameof(WhatIf):
                WhatIf = (SwitchParameter)value!;
                break;
            case nameof(Confirm):
                Confirm = (SwitchParameter)value!;
                break;
            case nameof(Verbose):
                Verbose = (SwitchParameter)value!;
                break;
            case nameof(Debug):
                Debug = (SwitchParameter)value!;
                break;
            case nameof(ErrorAction):
                ErrorAction = Known(name, (ActionPreference)value!);
                break;
            case nameof(WarningAction):
                WarningAction = Known(name, (ActionPreference)value!);
                break;
            case nameof(InformationAction):
                InformationAction = Known(name, (ActionPreference)value!);
                break;
            case nameof(ProgressAction):
                ProgressAction = Known(name, (ActionPreference)value!);
                break;
            case "OutBuffer":
                throw new RefusedException("psipc has no -OutBuffer: objects go on one by one. Leave it out, or run this in pwsh.");
            default:
                throw new RefusedException($"psipc has no variables, so it has no -{name}. Leave it out, or run this in pwsh.");
        }
    }

    /// <summary>Preferences that ask somebody, stop in a debugger or suspend a workflow would silently mean something else here.</summary>
    private static ActionPreference Known(string name, ActionPreference preference) =>
        preference is ActionPreference.Inquire or ActionPreference.Break or ActionPreference.Suspend
            ? throw new RefusedException($"psipc has no -{name} {preference}. Say Continue, SilentlyContinue, Ignore or Stop, or run this in pwsh.")
            : preference;

    private sealed class CommonSource : CmdletSource
    {
        public override Cmdlet Create() => throw new NotSupportedException();

        public override Type TypeOf(int parameter) => All[parameter].Type;

        public override Type? ElementTypeOf(int parameter) => null;

        public override ArgumentTransformationAttribute[] TransformationsOf(int parameter) => [];

        public override ValidateArgumentsAttribute[] ValidationsOf(int parameter) => [];

        public override object? Get(object owner, int parameter) => ((CommonParameters)owner).Get(All[parameter].Name);

        public override void Set(object owner, int parameter, object? value) => ((CommonParameters)owner).Set(All[parameter].Name, value);
    }
}
