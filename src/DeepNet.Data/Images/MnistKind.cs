namespace DeepNet.Data;

/// <summary>MNIST and the sets made in its form: 28×28 grey images, in four IDX files.</summary>
public enum MnistKind
{
    /// <summary>Handwritten digits, 60,000 and 10,000.</summary>
    Digits,

    /// <summary>Fashion-MNIST: ten kinds of clothing, 60,000 and 10,000.</summary>
    Fashion,

    /// <summary>KMNIST: ten Japanese characters in cursive script, 60,000 and 10,000.</summary>
    Kuzushiji,

    /// <summary>EMNIST Letters: 26 letters, both cases as one, 124,800 and 20,800.</summary>
    EmnistLetters,

    /// <summary>EMNIST Digits: ten digits, 240,000 and 40,000.</summary>
    EmnistDigits,

    /// <summary>EMNIST Balanced: 47 letters and digits, equally many of each, 112,800 and 18,800.</summary>
    EmnistBalanced,
}
