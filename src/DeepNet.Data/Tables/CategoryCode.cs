namespace DeepNet.Data;

/// <summary>Specifies how categories become numbers.</summary>
public enum CategoryCode
{
    /// <summary>A feature for each category: 1 where it is the one, else 0.</summary>
    OneHot,

    /// <summary>One feature: 0, 1, 2… in alphabetical order. For what has an order, and for embeddings.</summary>
    Ordinal,
}
