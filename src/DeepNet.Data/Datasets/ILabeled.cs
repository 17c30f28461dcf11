namespace DeepNet.Data;

/// <summary>A data set that knows the class of each example without making it, as stratified splits and samplers want.</summary>
public interface ILabeled
{
    /// <summary>The class of each example, from 0.</summary>
    IReadOnlyList<int> Labels { get; }
}
