namespace DeepNet.Nn;

/// <summary>
/// The name of a field's part in paths and state files, where it should not be that of the field: <c>in_proj_weight</c>, say. With
/// an empty name the items of a collection stand at the level of the module itself. Of an automatic property: <c>[field:
/// StateName("…")]</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class StateNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
