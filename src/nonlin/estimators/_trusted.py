"""The types that a model file may hold, on top of those that skops trusts itself.

Exact names: to trust a package whole would let in its functions too, also those that write files or import them.
"""

_OWN = {
    "nonlin.activation": ("Activation",),
    "nonlin.data._columns": ("settle",),
    "nonlin.data._dates": ("DateParts",),
    "nonlin.data._encoder": ("Encoder",),
    "nonlin.data._plane_inputs": ("PlaneInputs",),
    "nonlin.data._preprocess": ("_finite", "_to_float32"),
    "nonlin.estimators._adaline": ("Adaline",),
    "nonlin.estimators._least_squares": ("Reduced",),
    "nonlin.estimators._linear": ("LinearRegression",),
    "nonlin.estimators._logistic": ("LogisticRegression",),
    "nonlin.estimators._mlp_models": ("MLPClassifier", "MLPRegressor"),
    "nonlin.estimators._perceptron": ("Perceptron",),
    "nonlin.estimators._summary": ("Evidence",),
    "nonlin.estimators._support_vector": ("LinearSVC",),
}
_OF_THE_PREPROCESSOR = {
    "numpy": ("dtype",),
    "skrub._apply_to_each_col": ("ApplyToEachCol",),
    "skrub._check_input": ("CheckInputDataFrame",),
    "skrub._clean_categories": ("CleanCategories",),
    "skrub._clean_null_strings": ("CleanNullStrings",),
    "skrub._dataframe._common": ("is_any_date", "is_categorical", "is_numeric"),
    "skrub._datetime_encoder": ("DatetimeEncoder",),
    "skrub._drop_uninformative": ("DropUninformative",),
    "skrub._duration_to_float": ("DurationToFloat",),
    "skrub._string_encoder": ("StringEncoder",),
    "skrub._table_vectorizer": ("PassThrough", "ShortReprDict", "TableVectorizer", "_created_by_predicate"),
    "skrub._to_datetime": ("ToDatetime",),
    "skrub._to_float": ("ToFloat",),
    "skrub._to_str": ("ToStr",),
    "skrub.selectors._base": ("All", "And", "Cols", "Filter", "Sub"),
    "skrub.selectors._selectors": ("_cardinality_below",),
}
TRUSTED = tuple(
    f"{home}.{name}" for homes in (_OWN, _OF_THE_PREPROCESSOR) for home, names in homes.items() for name in names
)
