"""usage: translate.py TEMPLATE [NAME=VALUE ...]

Prints what AWS makes of a SAM template, as sorted JSON: the same translator that runs behind
"Transform: AWS::Serverless-2016-10-31", without AWS. NAME=VALUE is a parameter; the others have their defaults.

The number in the name of the function's version is a digest of its code and properties. It is printed as VERSION, so
that the output says what is deployed and not which build it was. It asks for no managed policies: a template that named
one would fail here.
"""

import json
import logging
import os
import re
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.model.exceptions import InvalidDocumentException  # noqa: E402
from samtranslator.parser.parser import Parser  # noqa: E402
from samtranslator.translator.translator import Translator  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402


def main(path, parameters):
    logging.disable(logging.WARNING)  # of features that are switched on in AWS only
    with open(path, encoding="utf-8") as file:
        template = yaml_parse(file)
    print(json.dumps(without_digests(translate(template, parameters)), indent=2, sort_keys=True))


def translate(template, parameters):
    """Code lies in a bucket when AWS sees the template; which one is of no interest."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/function.zip"
    try:
        return Translator({}, Parser()).translate(template, parameters)
    except InvalidDocumentException as error:
        sys.exit("\n".join(cause.message for cause in error.causes))


def without_digests(template):
    versions = [name for name, resource in template["Resources"].items() if resource["Type"] == "AWS::Lambda::Version"]
    text = json.dumps(template)
    for name in versions:
        text = text.replace(f'"{name}"', '"' + re.sub("[0-9a-f]{10}$", "VERSION", name) + '"')
    return json.loads(text)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], dict(argument.split("=", 1) for argument in sys.argv[2:]))
