namespace DeepNet.Analysis;

/// <summary>Specifies what may be wrong with a data set.</summary>
public enum DataProblem
{
    /// <summary>A class has far fewer examples than another.</summary>
    Imbalance,

    /// <summary>Values are missing.</summary>
    Missing,

    /// <summary>A column has the same value everywhere.</summary>
    Constant,

    /// <summary>Values lie far outside of what is usual in their column.</summary>
    Outliers,

    /// <summary>Two columns say the same.</summary>
    Correlation,

    /// <summary>Examples are alike to a degree that is no chance.</summary>
    Duplicates,

    /// <summary>Labels contradict what a model learns from the other examples.</summary>
    LabelNoise,

    /// <summary>Columns are distributed otherwise in another data set.</summary>
    Drift,
}
